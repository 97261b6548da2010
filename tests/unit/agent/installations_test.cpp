// Companies that are missing, settled by the configuration, or named otherwise; installations that can do less.
#include <algorithm>

#include "support.hpp"

namespace samsynk::agent {
namespace {

using std::chrono::hours;

struct TwoInstallations : Both {
    TwoInstallations() : Both{{.send_all_invoices = true}, {.send_all_invoices = true}} {
        main().add("other", ekstrom, {});
        service.add(ekstrom, "other AB", CollaborationState::active, {});
    }
};

const CompanyStatus* company_at(Machine& machine, const std::string& place) {
    for (const CompanyStatus& status : *machine.agent().status()->companies)
        if (status.place() == place) return &status;
    return nullptr;
}

void sync(Machine& machine) { machine.run(machine.agent().result(machine.agent().request_sync({}))); }

TEST(Missing, IsReportedAndNotDeletedAndGoesOnWhenItIsBack) {
    TwoInstallations world;
    Machine machine{world};
    machine.serve();
    const auto kept = world.main().places.at("L");
    world.main().places.erase("L");
    world.service.choose(lindqvist, sending, false);
    sync(machine);
    const CompanyStatus* missing = company_at(machine, "L");
    ASSERT_TRUE(missing);
    EXPECT_EQ(missing->state, CompanyState::failed);
    EXPECT_EQ(missing->reason->code, Errc::company_missing);
    EXPECT_EQ(missing->company(), lindqvist);
    EXPECT_EQ(world.online().send_all_invoices, false) << "online nothing was changed";
    EXPECT_EQ(world.service.holder(lindqvist), "uuid-main");
    EXPECT_EQ(machine.agent().status()->installations.front().companies, 1U);
    world.main().places["L"] = kept;
    sync(machine);
    EXPECT_EQ(company_at(machine, "L")->state, CompanyState::synced);
    EXPECT_EQ(world.local().send_all_invoices, false) << "what was chosen meanwhile arrives";
}

TEST(Missing, ItsClaimIsGivenUpAfterAWhileAndTakenUpWhenItIsBack) {
    TwoInstallations world;
    world.policy.release_missing_after = hours{48};
    Machine machine{world};
    machine.serve();
    const auto kept = world.main().places.at("L");
    world.main().places.erase("L");
    sync(machine);
    world.now += hours{47};
    sync(machine);
    EXPECT_EQ(world.service.holder(lindqvist), "uuid-main");
    EXPECT_FALSE(has_event(world, "company.claim_released"));
    world.now += hours{2};
    sync(machine);
    EXPECT_EQ(world.service.holder(lindqvist), "");
    EXPECT_TRUE(has_event(world, "company.claim_released"));
    sync(machine);
    EXPECT_EQ(company_at(machine, "L")->reason->code, Errc::company_missing) << "and it is told of still";
    EXPECT_EQ(std::count_if(world.events.begin(), world.events.end(),
                            [](const Event& event) { return event.name == "company.claim_released"; }),
              1);
    world.main().places["L"] = kept;
    sync(machine);
    sync(machine);
    EXPECT_EQ(world.service.holder(lindqvist), "uuid-main");
    EXPECT_EQ(company_at(machine, "L")->state, CompanyState::synced);
}

TEST(Missing, IsNotTakenForMissingWhileTheInstallationIsOffline) {
    TwoInstallations world;
    Machine machine{world};
    machine.serve();
    world.main().offline = fail(Errc::installation_offline, "share gone");
    sync(machine);
    EXPECT_NE(company_at(machine, "L")->reason.value_or({}).code, Errc::company_missing);
    world.now += hours{24 * 400};
    sync(machine);
    EXPECT_EQ(world.service.holder(lindqvist), "uuid-main");
}

TEST(Settled, WhatTheConfigurationSaysSettlesADuplicate) {
    TwoInstallations world;
    world.main().add("copy", lindqvist, {.send_all_invoices = false});
    world.policy.settled[lindqvist] = {false, "main", "copy"};
    Machine machine{world};
    machine.serve();
    EXPECT_EQ(company_at(machine, "L")->state, CompanyState::ignored);
    EXPECT_EQ(company_at(machine, "copy")->state, CompanyState::synced);
    EXPECT_EQ(world.local().send_all_invoices, true) << "the ignored one is not touched";
}

TEST(Names, ADifferenceIsToldOnceAndHindersNothing) {
    TwoInstallations world;
    world.main().places.at("L").name = "Någonting Helt Annat AB";
    Machine machine{world};
    machine.serve();
    EXPECT_TRUE(has_event(world, "company.name_mismatch"));
    world.events.clear();
    world.service.choose(lindqvist, receiving, true);
    sync(machine);
    EXPECT_FALSE(has_event(world, "company.name_mismatch"));
    EXPECT_EQ(world.local().receive_invoices, true);
}

TEST(Capabilities, WhereNothingCanBeToldNothingIsAndALostStateOverwritesNothing) {
    TwoInstallations world;
    world.main().capabilities.write_collaboration = false;
    Machine machine{world};
    machine.serve();
    EXPECT_EQ(world.main().notice_writes, 0U);
    EXPECT_EQ(company_at(machine, "L")->state, CompanyState::synced);
    world.service.choose(lindqvist, sending, false);
    sync(machine);
    EXPECT_EQ(world.local().send_all_invoices, false);
    // The state is lost, and meanwhile both sides chose.
    world.main().places.at("L").preferences.send_all_invoices = true;
    world.disk = {};
    Machine next{world};
    next.serve();
    EXPECT_EQ(company_at(next, "L")->state, CompanyState::held);
    EXPECT_EQ(world.local().send_all_invoices, true);
    EXPECT_EQ(world.online().send_all_invoices, false);
}

TEST(Installations, AreListedTriedAndFoundByName) {
    TwoInstallations world;
    Machine machine{world};
    machine.serve();
    const auto all = machine.agent().installations();
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].status.id, "main");
    EXPECT_EQ(all[0].status.companies, 2U);
    EXPECT_EQ(all[0].synced, 2U);
    EXPECT_EQ(all[0].problems, 0U);
    EXPECT_EQ(machine.run(machine.agent().test_installation("main", std::nullopt))->value().size(), 1U);
    EXPECT_EQ(machine.run(machine.agent().test_installation("none", std::nullopt))->error().code, Errc::not_found);
    EXPECT_EQ(machine.run(machine.agent().prepare_installation("main", true))->value().text, "");
}

TEST(Offline, AnInstallationThatIsAwayIsInEveryCountAndIsNoSuccess) {
    TwoInstallations world;
    Machine machine{world};
    machine.serve();
    const auto& agent = machine.agent();
    const auto before = agent.status()->last_success;
    ASSERT_TRUE(before);
    world.now += hours{1};
    world.main().offline = fail(Errc::installation_offline, "share gone");
    sync(machine);
    EXPECT_EQ(agent.status()->last_success, before) << "nothing was synced";
    const RunResult& run = *agent.status()->last_run;
    EXPECT_EQ(run.companies, 2U);
    EXPECT_EQ(run.offline_companies, 2U);
    EXPECT_EQ(run.synced + run.waiting + run.held + run.failed + run.ignored + run.pending + run.offline_companies, 2U);
    EXPECT_EQ(company_at(machine, "L")->state, CompanyState::offline);
    EXPECT_EQ(company_at(machine, "L")->reason->code, Errc::installation_offline);
    EXPECT_EQ(company_at(machine, "L")->local().send_all_invoices, true) << "what was known stands";
    world.main().offline.reset();
    sync(machine);
    EXPECT_EQ(company_at(machine, "L")->state, CompanyState::synced);
    EXPECT_GT(*agent.status()->last_success, *before);
    EXPECT_FALSE(has_event(world, "company.recovered")) << "it was the installation's trouble";
}

TEST(Offline, AfterAStartItsCompaniesAreKnownByWhatWasAgreed) {
    TwoInstallations world;
    {
        Machine machine{world};
        machine.serve();
    }
    world.main().offline = fail(Errc::installation_offline, "share gone");
    Machine machine{world};
    machine.serve();
    ASSERT_TRUE(company_at(machine, "L"));
    EXPECT_EQ(company_at(machine, "L")->state, CompanyState::offline);
    EXPECT_EQ(company_at(machine, "L")->company(), lindqvist);
    EXPECT_FALSE(machine.agent().status()->last_success);
    EXPECT_TRUE(machine.agent().status()->last_completed);
}

TEST(Success, IsNotTheEndOfARunInWhichAllFailed) {
    Both world;
    world.local() = {};
    world.main().places.at("L").trouble = fail(Errc::unreadable, "no rights");
    Machine machine{world};
    machine.serve();
    EXPECT_FALSE(machine.agent().status()->last_success);
    EXPECT_EQ(machine.agent().status()->last_run->outcome, Outcome::completed);
    world.main().places.at("L").trouble = {};
    sync(machine);
    EXPECT_TRUE(machine.agent().status()->last_success);
}

TEST(Offline, WithTheServiceAwayWhatWasChosenHereWaitsVisibly) {
    TwoInstallations world;
    Machine machine{world};
    machine.serve();
    world.local().receive_invoices = true;
    world.plot.then("changes", Fate::fail).then("changes", Fate::fail);
    sync(machine);
    EXPECT_EQ(company_at(machine, "L")->state, CompanyState::waiting);
    EXPECT_EQ(company_at(machine, "other")->state, CompanyState::synced);
    sync(machine);
    sync(machine);
    EXPECT_EQ(company_at(machine, "L")->state, CompanyState::synced);
    EXPECT_EQ(world.online().receive_invoices, true);
}

TEST(Claims, ARegistrationThatIsTooLargeIsMadeInParts) {
    Both world{{.send_all_invoices = true}, {}};
    world.service.most_claims = 3;
    int count = 0;
    for (int i = 0; count < 10; ++i) {
        const std::string text = std::to_string(556'100'000 + i);
        for (char check = '0'; check <= '9'; ++check)
            if (const auto number = OrgNumber::parse(text + check); number.has_value()) {
                world.service.add(*number, "X", CollaborationState::active, {.send_all_invoices = true});
                world.main().add("p" + std::to_string(count++), *number);
            }
    }
    Machine machine{world};
    machine.serve();
    EXPECT_FALSE(machine.agent().status()->last_run->error);
    EXPECT_EQ(machine.agent().status()->last_run->synced, world.main().places.size());
    for (const auto& [place, company] : world.main().places)
        EXPECT_EQ(world.service.holder(*company.company), "uuid-main") << place;
}

}  // namespace
}  // namespace samsynk::agent
