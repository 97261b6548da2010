// One company's trouble is its own: when it is tried again, and what is kept of it.
#include "support.hpp"

namespace samsynk::agent {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

// Two companies with something to fetch; the first one's file is in use.
struct TwoToFetch : Both {
    TwoToFetch() : Both{{}, {.receive_invoices = true}} {
        service.add(ekstrom, "Ekström", CollaborationState::active, {.receive_invoices = true});
        main().add("E", ekstrom);
        main().locked.insert("L");
        policy.interval = minutes{15};
    }
    const CompanyStatus& status(Machine& machine, const std::string& place) {
        for (const auto& company : *machine.agent().status()->companies)
            if (company.place() == place) return company;
        throw std::logic_error{"no such place"};
    }
};

TEST(Parking, AFileInUseIsTriedAgainLongBeforeTheNextRunAndTheRestGoesOn) {
    TwoToFetch world;
    Machine machine{world};
    machine.serve();
    EXPECT_EQ(world.main().places.at("E").preferences.receive_invoices, true);
    const CompanyStatus parked = world.status(machine, "L");
    EXPECT_EQ(parked.state, CompanyState::failed);
    EXPECT_EQ(parked.failures, 1U);
    ASSERT_TRUE(parked.next_try);
    EXPECT_LE(*parked.next_try - world.now, seconds{20});
    world.main().locked.clear();
    const Time before = world.now;
    ASSERT_TRUE(machine.pass_time());
    EXPECT_LE(world.now - before, seconds{20});
    EXPECT_EQ(machine.agent().status()->last_run->trigger, Trigger::retry);
    EXPECT_EQ(machine.agent().status()->last_run->companies, 1U);
    EXPECT_EQ(world.local().receive_invoices, true);
    EXPECT_TRUE(world.disk.memory.parked.empty());
    EXPECT_EQ(world.status(machine, "L").failures, 0U);
}

TEST(Parking, AttemptsBecomeRarerAndTheRunOverAllKeepsItsTime) {
    TwoToFetch world;
    Machine machine{world};
    machine.serve();
    const Time begin = world.now;
    int attempts = 0;
    while (machine.agent().status()->last_run->trigger != Trigger::interval && machine.pass_time()) ++attempts;
    EXPECT_GE(attempts, 3);
    EXPECT_LE(attempts, 9);
    EXPECT_LE(world.now - begin, minutes{17});
    EXPECT_GE(world.now - begin, minutes{13});
}

TEST(Parking, IsTriedAtOnceWhenAPersonAsksOrEitherSideShowsAnythingNew) {
    TwoToFetch world;
    Machine machine{world};
    const auto run = [&](Trigger trigger) {
        machine.once({.scope = Scope::of_company(lindqvist), .dry_run = false, .trigger = trigger});
    };
    run(Trigger::start);
    run(Trigger::retry);
    EXPECT_EQ(world.status(machine, "L").failures, 1U) << "its time has not come";
    run(Trigger::manual);
    EXPECT_EQ(world.status(machine, "L").failures, 2U) << "a person asked";
    world.service.choose(lindqvist, sending, true);
    run(Trigger::retry);
    EXPECT_EQ(world.status(machine, "L").failures, 3U) << "it shows something new";
    world.main().locked.clear();
    run(Trigger::retry);
    EXPECT_EQ(world.local().receive_invoices, std::nullopt);
    run(Trigger::interval);
    EXPECT_EQ(world.local().receive_invoices, true) << "an ordinary run tries what no person is needed for";
}

TEST(Parking, AnOrdinaryRunLetsBeWhatWaitsForAPerson) {
    Both world{{.send_all_invoices = true}, {}};
    Machine machine{world};
    world.service.unreadable = lindqvist;
    machine.once({.trigger = Trigger::start});
    EXPECT_EQ(world.plot.reached["push"], 1);
    machine.once({.trigger = Trigger::interval});
    EXPECT_EQ(world.plot.reached["push"], 1) << "the service is not asked again every quarter of an hour";
    EXPECT_EQ(machine.agent().status()->companies->front().reason->code, Errc::rejected);
    world.service.unreadable.reset();
    machine.once({.trigger = Trigger::once});
    EXPECT_EQ(world.online().send_all_invoices, true);
}

TEST(Parking, WhatFailedSinceWhenAndTheLastSuccessSurviveARestart) {
    TwoToFetch world;
    world.main().locked.clear();
    Time success;
    {
        Machine machine{world};
        machine.once();
        success = world.now;
        world.now += hours{1};
        world.service.choose(lindqvist, receiving, false);
        world.main().locked.insert("L");
        machine.once();
        EXPECT_EQ(world.status(machine, "L").last_success, success);
    }
    world.now += minutes{1};
    Machine machine{world};
    machine.once();
    const CompanyStatus parked = world.status(machine, "L");
    EXPECT_EQ(parked.state, CompanyState::failed);
    EXPECT_EQ(parked.reason->code, Errc::busy);
    EXPECT_EQ(parked.last_success, success) << "its age is known, though the daemon is new";
}

TEST(Parking, WhatCanNotBeReadIsNotWrittenDownAgainInEachRun) {
    TwoToFetch world;
    world.main().places.at("L").trouble = fail(Errc::bad_file, "broken");
    Machine machine{world};
    machine.once();
    machine.once();
    const auto commits = world.disk.commits;
    machine.once();
    EXPECT_EQ(world.disk.commits, commits);
    world.main().places.erase("L");
    machine.once();
    EXPECT_TRUE(world.disk.memory.parked.empty()) << "a place that is gone is not waited for";
}

TEST(Parking, WhatIsSeenAnewInEachRunCallsForNoRunOfItsOwn) {
    TwoToFetch world;
    world.main().locked.clear();
    world.main().places.at("L").trouble = fail(Errc::bad_file, "broken");
    Machine machine{world};
    machine.serve();
    EXPECT_EQ(world.status(machine, "L").state, CompanyState::failed);
    const Time before = world.now;
    ASSERT_TRUE(machine.pass_time());
    EXPECT_GE(world.now - before, minutes{13});
    EXPECT_EQ(machine.agent().status()->last_run->trigger, Trigger::interval);
}

TEST(Parking, ARefusedChangeWaitsForAPerson) {
    Both world{{.send_all_invoices = true}, {}};
    world.policy.interval = minutes{15};
    Machine machine{world};
    world.plot.then("push", Fate::go_on, [&] { world.service.claim(lindqvist, "elsewhere"); });
    machine.serve();
    const auto& status = machine.agent().status()->companies->front();
    EXPECT_EQ(status.reason->code, Errc::claim_held);
    ASSERT_TRUE(status.next_try);
    EXPECT_GE(*status.next_try - world.now, minutes{30});
}

TEST(Release, OursIsGivenUpAndNotTakenUpAgainByItself) {
    Both world{{.send_all_invoices = true}, {}};
    Machine machine{world};
    machine.serve();
    const auto released = machine.run(machine.agent().release(lindqvist, "anna"));
    ASSERT_TRUE(released && released->has_value());
    EXPECT_EQ((**released)->ignored, 1U);
    EXPECT_EQ(world.service.holder(lindqvist), "");
    machine.pass_time();
    machine.run(machine.agent().result(machine.agent().request_sync({})));
    EXPECT_EQ(world.service.holder(lindqvist), "") << "not by itself, and not by the button";
    const auto taken = machine.agent().request_sync({.scope = Scope::of_company(lindqvist), .take_up = true});
    machine.run(machine.agent().result(taken));
    EXPECT_EQ(world.service.holder(lindqvist), "uuid-main");
}

TEST(Release, AnothersIsTakenOver) {
    Both world{{.send_all_invoices = true}, {}};
    world.service.claim(lindqvist, "elsewhere");
    Machine machine{world};
    machine.serve();
    const auto& reason = machine.agent().status()->companies->front().reason;
    EXPECT_EQ(reason->code, Errc::claim_held);
    const std::string told = to_text(reason->message);
    EXPECT_NE(told.find("main:L"), std::string::npos) << told;
    EXPECT_NE(told.find("host-elsewhere"), std::string::npos) << told;
    machine.run(machine.agent().release(lindqvist, "anna"));
    EXPECT_EQ(world.service.holder(lindqvist), "uuid-main");
    EXPECT_EQ(world.online().send_all_invoices, true);
}

TEST(Release, SurvivesARestoredService) {
    Both world{{.send_all_invoices = true}, {}};
    Machine machine{world};
    machine.serve();
    machine.run(machine.agent().release(lindqvist, "anna"));
    world.service.restore(world.service.backup());
    machine.run(machine.agent().result(machine.agent().request_sync({})));
    EXPECT_EQ(world.service.holder(lindqvist), "");
}

TEST(Release, ByTheNumberAloneWhereTheInstallationIsConfiguredNoMore) {
    Both world{{.send_all_invoices = true}, {}};
    const std::string uuid = *installation_uuid(Machine::machine_id, "sold");
    world.service.add(ekstrom, "Ekström AB", CollaborationState::active, {});
    world.service.claim(ekstrom, uuid);
    Machine{world}.once();
    world.disk.memory.claims["sold"].granted.insert(ekstrom);
    Machine machine{world};
    machine.serve();
    EXPECT_EQ(world.service.holder(ekstrom), uuid);
    const auto released = machine.run(machine.agent().release(ekstrom, "anna"));
    ASSERT_TRUE(released);
    ASSERT_TRUE(released->has_value()) << to_text(released->error().message);
    EXPECT_FALSE((**released)->error);
    EXPECT_EQ(world.service.holder(ekstrom), "");
    EXPECT_EQ(machine.run(machine.agent().release(ekstrom, "anna"))->error().code, Errc::not_found);
}

TEST(Release, OfACompanyWhoseNumberCantBeTold) {
    Both world{{.send_all_invoices = true}, {}};
    Machine machine{world};
    machine.serve();
    auto& place = world.main().places.at("L");
    place.company.reset();
    place.trouble = fail(Errc::unreadable, "its SIE file is broken");
    machine.run(machine.agent().result(machine.agent().request_sync({})));
    const auto detail = machine.run(machine.agent().company(lindqvist));
    ASSERT_TRUE(detail && detail->has_value()) << "people know it by its number still";
    EXPECT_EQ((*detail)->status.reason->code, Errc::unreadable);
    EXPECT_TRUE(machine.run(machine.agent().explain(lindqvist))->has_value());
    EXPECT_EQ(machine.run(machine.agent().set_preferences(lindqvist, {.receive_invoices = true}, "anna"))->error().code,
              Errc::unreadable);
    machine.run(machine.agent().release(lindqvist, "anna"));
    EXPECT_EQ(world.service.holder(lindqvist), "");
}

}  // namespace
}  // namespace samsynk::agent
