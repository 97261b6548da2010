// When the agent runs, for whom, and how it stops.
#include <set>

#include "support.hpp"

namespace samsynk::agent {
namespace {

TEST(Schedule, RunsAtOnceAndThenEveryIntervalWithJitter) {
    Both world;
    world.policy.interval = std::chrono::minutes{15};
    Machine machine{world};
    machine.serve();
    EXPECT_EQ(machine.agent().status()->last_run->trigger, Trigger::start);
    const Time before = world.now;
    ASSERT_TRUE(machine.pass_time());
    EXPECT_EQ(machine.agent().status()->last_run->trigger, Trigger::interval);
    EXPECT_NEAR(static_cast<double>((world.now - before).count()), 15 * 60 * 1000.0, 1.5 * 60 * 1000);
}

TEST(Schedule, BacksOffWhileTheServiceIsDownAndSaysSoOnce) {
    Both world;
    for (int i = 0; i < 3; ++i) world.plot.then("list", Fate::fail);
    Machine machine{world};
    machine.serve();
    const Time before = world.now;
    machine.pass_time();
    EXPECT_LE(world.now - before, std::chrono::seconds{5});
    machine.pass_time();
    EXPECT_TRUE(machine.agent().status()->service_trouble);
    machine.pass_time();
    EXPECT_FALSE(machine.agent().status()->service_trouble);
    const auto count = [&](const std::string& name) {
        return std::count_if(world.events.begin(), world.events.end(), [&](const auto& e) { return e.name == name; });
    };
    EXPECT_EQ(count("service.unreachable"), 1);
    EXPECT_EQ(count("service.recovered"), 1);
}

TEST(Schedule, ARunThatWaitsIsSharedByThoseWhoAskForTheSame) {
    Both world;
    Machine machine{world};
    const auto all = machine.agent().request_sync({});
    EXPECT_EQ(machine.agent().request_sync({}), all);
    EXPECT_EQ(machine.agent().request_sync({.scope = Scope::of_company(lindqvist)}), all);
    EXPECT_NE(machine.agent().request_sync({.dry_run = true}), all);
}

TEST(Schedule, TheResultOfARunIsHandedToAllWhoAsked) {
    Both world{{}, {.receive_invoices = true}};
    Machine machine{world};
    machine.serve();
    world.service.choose(lindqvist, sending, true);
    const auto run = machine.agent().request_sync({});
    const auto result = machine.run(machine.agent().result(run));
    ASSERT_TRUE(result && result->has_value());
    EXPECT_EQ((**result)->run, run);
    EXPECT_EQ(world.local().send_all_invoices, true);
    EXPECT_EQ((*machine.run(machine.agent().result("r-none"))).error().code, Errc::not_found);
}

TEST(Schedule, AChoiceByCommandIsWrittenLocallyAndSynced) {
    Both world;
    Machine machine{world};
    machine.serve();
    const auto detail = machine.run(machine.agent().set_preferences(lindqvist, {.send_all_invoices = true}, "anna"));
    ASSERT_TRUE(detail && detail->has_value());
    EXPECT_EQ((*detail)->status.agreed.send_all_invoices, true);
    EXPECT_EQ(world.local().send_all_invoices, true);
    EXPECT_EQ(world.online().send_all_invoices, true);
    const auto unknown = machine.run(machine.agent().set_preferences(ekstrom, {.send_all_invoices = true}, "anna"));
    EXPECT_EQ(unknown->error().code, Errc::not_found);
}

TEST(Schedule, WithTheServiceAwayAChoiceIsKeptAndWhatWasKnownStands) {
    Both world;
    Machine machine{world};
    machine.serve();
    machine.run(machine.agent().set_preferences(lindqvist, {.send_all_invoices = true}, "anna"));
    world.plot.then("changes", Fate::fail).then("changes", Fate::fail);
    const auto detail = machine.run(machine.agent().set_preferences(lindqvist, {.receive_invoices = true}, "anna"));
    ASSERT_TRUE(detail && detail->has_value());
    EXPECT_EQ((*detail)->status.state, CompanyState::waiting);
    EXPECT_EQ((*detail)->status.found->preferences.receive_invoices, true);
    EXPECT_EQ(world.local().receive_invoices, true);
    const auto status = machine.agent().status();
    ASSERT_EQ(status->companies->size(), 1U) << "nothing was read, so nothing is known to have gone";
    EXPECT_EQ((*status->companies)[0].agreed.send_all_invoices, true);
    EXPECT_EQ(status->installations.size(), 1U);
}

TEST(Schedule, StopEndsARunInOrderAndTellsThoseWhoWait) {
    Both world{{.send_all_invoices = true}, {}};
    Machine machine{world};
    world.plot.then("register", Fate::go_on, [&] { machine.agent().stop(); });
    machine.serve();
    EXPECT_EQ(machine.agent().status()->last_run->outcome, Outcome::cancelled);
    EXPECT_TRUE(world.service.applied.empty());
    EXPECT_TRUE(Machine{world}.once()->outcome == Outcome::completed) << "the next start goes on";
    EXPECT_EQ(world.online().send_all_invoices, true);
}

TEST(Schedule, TellsOfACompanysTroubleWhenItBeginsChangesAndEnds) {
    Both world;
    Machine machine{world};
    machine.once();
    world.main().places.at("L").trouble = fail(Errc::busy, "locked");
    machine.once();
    machine.once();
    world.main().places.at("L").trouble.reset();
    machine.once();
    std::vector<std::string> told;
    for (const Event& event : world.events)
        if (event.name.starts_with("company.") && event.name != "company.name_mismatch") told.push_back(event.name);
    EXPECT_EQ(told, (std::vector<std::string>{"company.failed", "company.recovered"}));
}

TEST(Schedule, RunsThatWaitAreNotGatheredWithoutEnd) {
    Both world;
    Machine machine{world};
    std::set<std::string> runs;
    for (int i = 0; i < 300; ++i) {
        const std::string text = std::to_string(556'000'000 + i);
        for (char check = '0'; check <= '9'; ++check)
            if (const auto number = OrgNumber::parse(text + check); number.has_value())
                runs.insert(machine.agent().request_sync({.scope = Scope::of_company(*number)}));
    }
    EXPECT_EQ(runs.size(), 16U) << "one of them looks at all, then";
    EXPECT_FALSE(machine.agent().has_room({.dry_run = true}));
    EXPECT_TRUE(machine.agent().has_room({.scope = Scope::of_company(lindqvist)})) << "that one carries it on";
}

}  // namespace
}  // namespace samsynk::agent
