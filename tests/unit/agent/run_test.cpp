// One run, undisturbed or nearly so: what it does, and what it leaves alone.
#include "support.hpp"

namespace samsynk::agent {
namespace {

TEST(Run, CarriesChoicesBothWaysAndTellsOfTheCollaboration) {
    Both world{{.send_all_invoices = true}, {.receive_invoices = false}};
    Machine machine{world};
    const auto result = machine.once();
    ASSERT_TRUE(result);
    EXPECT_EQ(result->outcome, Outcome::completed);
    EXPECT_EQ(result->synced, 1U);
    EXPECT_EQ(result->changed, 3U);
    EXPECT_EQ(world.local().receive_invoices, false);
    EXPECT_EQ(world.online().send_all_invoices, true);
    EXPECT_EQ(world.agreed().base, (Preferences{.send_all_invoices = true, .receive_invoices = false}));
    EXPECT_EQ(world.main().notices.at("L").collaboration.state, CollaborationState::active);
    EXPECT_TRUE(world.disk.memory.operations.empty());
    EXPECT_TRUE(world.disk.memory.intents.empty());
}

TEST(Run, DoesNothingWhereNothingChanged) {
    Both world{{.send_all_invoices = true}, {.receive_invoices = true}};
    Machine machine{world};
    machine.once();
    machine.once();
    const auto commits = world.disk.commits;
    const auto result = machine.once();
    EXPECT_EQ(result->changed, 0U);
    EXPECT_EQ(result->requests, 1U);
    EXPECT_EQ(world.disk.commits, commits);
}

TEST(Run, ADryRunSaysWhatItWouldDoAndDoesNothing) {
    Both world{{.send_all_invoices = true}, {.receive_invoices = false}};
    Machine machine{world};
    const auto result = machine.once({.dry_run = true});
    EXPECT_EQ(result->changed, 3U);
    EXPECT_EQ(world.disk.commits, 0U);
    EXPECT_EQ(world.main().preference_writes + world.main().notice_writes, 0U);
    EXPECT_TRUE(world.service.applied.empty());
    EXPECT_EQ(world.plot.reached["register"], 0);
}

TEST(Run, OneCompanysTroubleIsItsOwn) {
    Both world{{}, {.receive_invoices = true}};
    world.main().add("Trasig", ekstrom).trouble = fail(Errc::bad_file, "broken");
    world.service.add(ekstrom, "Ekström");
    Machine machine{world};
    const auto result = machine.once();
    EXPECT_EQ(result->outcome, Outcome::completed);
    EXPECT_EQ(result->failed, 1U);
    EXPECT_EQ(result->synced, 1U);
    EXPECT_EQ(world.local().receive_invoices, true);
    EXPECT_FALSE(world.main().notices.contains("Trasig"));
}

TEST(Run, AnInstallationThatIsOfflineIsNotEmpty) {
    Both world{{.send_all_invoices = true}, {}};
    Machine machine{world};
    machine.once();
    world.main().offline = fail(Errc::installation_offline, "share gone");
    machine.once();
    ASSERT_EQ(machine.agent().status()->companies->size(), 1U);
    EXPECT_TRUE(machine.agent().status()->installations.front().trouble);
    EXPECT_EQ(world.online().send_all_invoices, true);
    world.main().offline.reset();
    EXPECT_EQ(machine.once()->synced, 1U);
}

TEST(Run, ACompanyHeldByAnotherInstallationIsLeftAloneInBothDirections) {
    Both world{{.send_all_invoices = true}, {.receive_invoices = true}};
    world.service.claim(lindqvist, "elsewhere");
    Machine machine{world};
    const auto result = machine.once();
    EXPECT_EQ(result->failed, 1U);
    EXPECT_EQ(result->problems.front().reason->code, Errc::claim_held);
    EXPECT_EQ(world.local().receive_invoices, std::nullopt);
    EXPECT_TRUE(world.service.applied.empty());
    world.service.release(lindqvist);
    EXPECT_EQ(machine.once({.trigger = Trigger::manual})->synced, 1U);
}

TEST(Run, ACompanyThatLeftTheAccountKeepsItsValuesAndSyncsWhenItIsBack) {
    Both world{{.send_all_invoices = true}, {}};
    Machine machine{world};
    machine.once();
    world.service.leave(lindqvist);
    EXPECT_EQ(machine.once()->problems.front().reason->code, Errc::unknown_company);
    EXPECT_EQ(world.local().send_all_invoices, true);
    world.service.add(lindqvist, "Lindqvist Bygg AB", CollaborationState::active, {.send_all_invoices = false});
    EXPECT_EQ(machine.once()->synced, 1U);
    EXPECT_EQ(world.local().send_all_invoices, false);
}

TEST(Run, AWishWaitsUntilTheCollaborationIsActiveAndTheRestIsSent) {
    Both world{{.send_all_invoices = true, .receive_invoices = false}, {}};
    world.service.set_state(lindqvist, CollaborationState::invited);
    Machine machine{world};
    EXPECT_EQ(machine.once()->waiting, 1U);
    EXPECT_EQ(world.online(), (Preferences{.receive_invoices = false}));
    world.service.set_state(lindqvist, CollaborationState::active);
    EXPECT_EQ(machine.once()->synced, 1U);
    EXPECT_EQ(world.online().send_all_invoices, true);
}

TEST(Run, OnlyTheCompaniesAskedForAreTouched) {
    Both world{{}, {.receive_invoices = true}};
    world.service.add(ekstrom, "Ekström", CollaborationState::active, {.receive_invoices = true});
    world.main().add("E", ekstrom);
    Machine machine{world};
    const auto result = machine.once({.scope = Scope::of_company(ekstrom)});
    EXPECT_EQ(result->companies, 1U);
    EXPECT_EQ(world.local().receive_invoices, std::nullopt);
    EXPECT_EQ(world.main().places.at("E").preferences.receive_invoices, true);
}

TEST(Run, ReadsListsAndChangesOfManyPages) {
    Both world;
    world.service.page_size = 2;
    for (int i = 0; i < 9; ++i) {
        const std::string nine = "55600" + std::to_string(1000 + i);
        for (char check = '0'; check <= '9'; ++check)
            if (const auto number = OrgNumber::parse(nine + check); number.has_value()) {
                world.service.add(*number, nine);
                world.main().add(nine, *number);
            }
    }
    Machine machine{world};
    EXPECT_EQ(machine.once()->synced, 10U);
    for (const auto& [place, company] : world.main().places) world.service.choose(*company.company, receiving, true);
    EXPECT_EQ(machine.once()->changed, 10U) << "the collaborations themselves are as they were";
}

}  // namespace
}  // namespace samsynk::agent
