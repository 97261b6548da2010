// Changes carried over at once, on either side: what a run of a few companies does, and when it must look at all.
#include "support.hpp"

namespace samsynk::agent {
namespace {

using std::chrono::seconds;

// Two companies in one installation, in step, and an agent that listens.
struct Listening : Both {
    Listening() : Both{{true, true}, {true, true}} {
        service.add(ekstrom, "Ekström Redovisning AB", CollaborationState::active, {true, true});
        main().add("E", ekstrom, {true, true});
        policy.push = true;
        policy.interval = std::chrono::hours{1};
        machine = std::make_unique<Machine>(*this);
        machine->serve();
        plot.reached.clear();
    }
    void choose_locally(const std::string& place, Preference preference, sync::Choice value) {
        main().places.at(place).preferences[preference] = value;
        main().tell(place);
        machine->settle();
    }
    void choose_online(const OrgNumber& company, Preference preference, sync::Choice value) {
        service.choose(company, preference, value);
        machine->settle();
    }
    std::shared_ptr<const RunResult> sync(SyncRequest request) {
        const std::string run = machine->agent().request_sync(std::move(request));
        return **machine->run(machine->agent().result(run));
    }
    const Status& status() { return *machine->agent().status(); }
    std::size_t count(const std::string& event_name) {
        return static_cast<std::size_t>(
            std::count_if(events.begin(), events.end(), [&](const auto& event) { return event.name == event_name; }));
    }
    const CompanyStatus& company(const std::string& place) {
        for (const CompanyStatus& company : *status().companies)
            if (company.place() == place) return company;
        throw std::logic_error{"no such place"};
    }

    std::unique_ptr<Machine> machine;
};

TEST(Push, AnOnlineChangeArrivesWithoutAnythingElseBeingLookedAt) {
    Listening world;
    EXPECT_EQ(world.status().feed.state, FeedState::open);
    const auto requests = world.status().last_run->requests;
    world.choose_online(lindqvist, sending, false);
    EXPECT_EQ(world.local().send_all_invoices, false);
    EXPECT_EQ(world.agreed().base.send_all_invoices, false);
    EXPECT_EQ(world.plot.reached["scan"], 0) << "the other companies are let be";
    EXPECT_EQ(world.plot.reached["read"], 1);
    EXPECT_EQ(world.plot.reached["changes"], 0);
    EXPECT_GT(requests, 0U);
    EXPECT_EQ(world.status().last_run->requests, 0U);
    EXPECT_EQ(world.status().last_run->trigger, Trigger::change);
    EXPECT_EQ(world.status().last_run->companies, 1U);
    EXPECT_EQ(world.status().companies->size(), 2U) << "the others stay known";
    EXPECT_EQ(world.company("L").online.send_all_invoices, false);
    EXPECT_EQ(world.company("E").state, CompanyState::synced);
}

TEST(Push, ALocalChangeIsSentAtOnce) {
    Listening world;
    world.choose_locally("E", receiving, false);
    EXPECT_EQ(world.service.record(ekstrom).preferences.receive_invoices, false);
    EXPECT_EQ(world.plot.reached["scan"], 0);
    EXPECT_EQ(world.plot.reached["push"], 1);
    EXPECT_EQ(world.status().last_run->requests, 1U);
}

TEST(Push, WhatTheAgentWroteItselfIsNoNews) {
    Listening world;
    world.choose_online(lindqvist, sending, false);
    const auto last = world.status().last_run->run;
    world.plot.reached.clear();
    world.main().tell("L");
    world.machine->settle();
    EXPECT_EQ(world.plot.reached["commit"], 0);
    EXPECT_EQ(world.status().last_run->run, last);
}

TEST(Push, ChangesThatComeDuringARunAreGatheredForTheNext) {
    Listening world;
    // While the first is sent, five more follow.
    world.plot.then("push", Fate::go_on, [&] {
        for (int i = 0; i < 5; ++i) {
            world.main().places.at("L").preferences.receive_invoices = i % 2 == 0 ? false : true;
            world.main().tell("L");
        }
        world.main().places.at("L").preferences.receive_invoices = false;
    });
    world.choose_locally("E", receiving, false);
    world.machine->settle();
    EXPECT_EQ(world.online().receive_invoices, false);
    EXPECT_EQ(world.plot.reached["push"], 2);
}

TEST(Push, APlaceThatIsNewIsFoundByLookingAtAll) {
    Listening world;
    const OrgNumber akeriet = OrgNumber::parse("556074-7569").value();
    world.service.add(akeriet, "Åkeriet", CollaborationState::active, {true, {}});
    world.machine->settle();
    world.main().add("A", akeriet);
    world.main().tell("A");
    world.machine->settle();
    EXPECT_EQ(world.main().places.at("A").preferences.send_all_invoices, true);
    EXPECT_EQ(world.status().companies->size(), 3U);
    EXPECT_GE(world.plot.reached["scan"], 1);
}

TEST(Push, APlaceThatShowsAnotherNumberIsHeld) {
    Listening world;
    world.main().places.at("E").company = lindqvist;
    world.main().tell("E");
    world.machine->settle();
    EXPECT_EQ(world.company("E").reason->code, Errc::identity_changed);
    EXPECT_EQ(world.local().send_all_invoices, true);
}

TEST(Push, AShareThatIsAnotherIsOffline) {
    Listening world;
    world.main().mark = "another";
    world.choose_online(lindqvist, sending, false);
    EXPECT_EQ(world.local().send_all_invoices, true) << "not written to the wrong folder";
    EXPECT_TRUE(world.status().installations.front().trouble);
}

TEST(Push, AnUnclearAnswerIsSettledBeforeAnythingElse) {
    Listening world;
    world.plot.then("push", Fate::do_then_fail);
    world.choose_locally("E", receiving, false);
    while (!world.disk.memory.operations.empty() && world.machine->pass_time()) {
    }
    EXPECT_EQ(world.plot.reached["push"], 2);
    EXPECT_EQ(world.service.applied.size(), 1U);
    EXPECT_EQ(world.service.record(ekstrom).preferences.receive_invoices, false);
    EXPECT_EQ(world.status().feed.state, FeedState::open);
}

TEST(Push, ARestoredServiceIsReadAnewAndItsValuesAreHeld) {
    Listening world;
    auto backup = world.service.backup();
    world.choose_online(lindqvist, sending, false);
    world.service.restore(std::move(backup));
    world.machine->settle();
    world.machine->pass_time();
    EXPECT_EQ(world.disk.memory.epoch, world.service.epoch());
    ASSERT_EQ(world.disk.memory.holds.size(), 1U);
    EXPECT_EQ(world.disk.memory.holds.front().kind, sync::HoldKind::service_restored);
    EXPECT_EQ(world.local().send_all_invoices, false);
    world.choose_online(ekstrom, sending, false);
    EXPECT_EQ(world.main().places.at("E").preferences.send_all_invoices, false) << "the others go on";
    EXPECT_EQ(world.disk.memory.holds.size(), 1U) << "and the question stands";
}

TEST(Push, AMassChangeThatComesOneByOneIsHeldAllTheSame) {
    Both world;
    world.policy.push = true;
    world.policy.mass_change_limit = 0.2;
    std::vector<OrgNumber> companies;
    for (int n = 0; companies.size() < 30; ++n)
        for (char check = '0'; check <= '9'; ++check)
            if (const auto number = OrgNumber::parse("556" + std::to_string(100000 + n) + check); number.has_value())
                companies.push_back(*number);
    for (std::size_t i = 0; i < companies.size(); ++i) {
        world.service.add(companies[i], "C", CollaborationState::active, {true, true});
        world.main().add("C" + std::to_string(100 + i), companies[i], {true, true});
    }
    Machine machine{world};
    machine.serve();
    for (const OrgNumber& company : companies) {
        world.service.choose(company, sending, false);
        machine.settle();
    }
    std::size_t overwritten = 0;
    for (const auto& [place, company] : world.main().places)
        overwritten += company.preferences.send_all_invoices == false;
    EXPECT_EQ(overwritten, 10U);
    ASSERT_EQ(world.disk.memory.holds.size(), 1U) << "one question, not twenty";
    EXPECT_EQ(world.disk.memory.holds.front().rows.size(), 20U);
}

TEST(Push, AFeedThatIsCutAgainAndAgainIsPolledAndToldOnce) {
    Listening world;
    world.service.longest_hold = seconds{2};
    for (int i = 0; i < 40 && world.status().feed.state != FeedState::polling; ++i) world.machine->pass_time();
    ASSERT_EQ(world.status().feed.state, FeedState::polling);
    world.choose_online(lindqvist, sending, false);
    const Time before = world.now;
    while (world.local().send_all_invoices == true && world.machine->pass_time()) {
    }
    EXPECT_LE(world.now - before, seconds{11});
    world.service.longest_hold = seconds{3600};
    for (int i = 0; i < 400 && world.status().feed.state == FeedState::polling; ++i) world.machine->pass_time();
    EXPECT_EQ(world.status().feed.state, FeedState::open);
    EXPECT_EQ(world.count("feed.polling"), 1U);
    for (int i = 0; i < 20; ++i) world.machine->pass_time();
    EXPECT_EQ(world.count("feed.open"), 1U);
}

TEST(Push, AServiceThatIsDownIsToldByTheRunsAndTheFeedWaitsForIt) {
    Listening world;
    world.plot.then("held_changes", Fate::fail);
    for (int i = 0; i < 8; ++i) world.plot.then("changes", Fate::fail);
    world.choose_online(lindqvist, sending, false);  // ends the request that was held; the next one fails
    EXPECT_EQ(world.status().feed.state, FeedState::waiting);
    const int asked = world.plot.reached["held_changes"];
    for (int i = 0; i < 8; ++i) {
        world.choose_locally("E", receiving, i % 2 == 0);
        EXPECT_EQ(world.plot.reached["changes"], i + 1) << "those who choose meanwhile make it try no sooner";
        EXPECT_EQ(world.plot.reached["held_changes"], asked);
        world.machine->pass_time();
    }
    EXPECT_EQ(world.count("service.unreachable"), 1U);
    EXPECT_EQ(world.count("service.recovered"), 1U);
    EXPECT_EQ(world.count("feed.polling"), 0U);
    EXPECT_EQ(world.status().feed.state, FeedState::open);
    EXPECT_EQ(world.service.record(ekstrom).preferences.receive_invoices, false);
}

TEST(Push, StopsInOrderWhileBothAreHeldOpen) {
    Listening world;
    world.machine->agent().stop();
    world.machine->settle();
    EXPECT_FALSE(world.machine->clock().next()) << "nobody waits any more";
}

TEST(Push, ANamedCompanyIsLookedAtByItself) {
    Listening world;
    world.main().places.at("E").preferences.receive_invoices = false;  // and nobody is told
    const auto result = world.sync({.scope = Scope::of_company(ekstrom)});
    EXPECT_EQ(result->changed, 1U);
    EXPECT_EQ(result->companies, 1U);
    EXPECT_EQ(world.service.record(ekstrom).preferences.receive_invoices, false);
    EXPECT_EQ(world.plot.reached["scan"], 0);
}

TEST(Push, ANamedCompanyThatIsNotKnownYetIsLookedForEverywhere) {
    Listening world;
    const OrgNumber akeriet = OrgNumber::parse("556074-7569").value();
    world.service.add(akeriet, "Åkeriet", CollaborationState::active, {true, {}});
    world.main().add("A", akeriet);
    (void)world.sync({.scope = Scope::of_company(akeriet)});
    EXPECT_EQ(world.main().places.at("A").preferences.send_all_invoices, true);
}

TEST(Push, TheFirstRunLooksAtAllWhateverWasAskedFor) {
    Both world{{true, {}}, {true, {}}};
    Machine machine{world};
    machine.once({.scope = Scope::of_company(lindqvist)});
    ASSERT_EQ(machine.agent().status()->companies->size(), 1U);
}

TEST(Push, WhatIsHeldElsewhereCostsAChangeNoReadingOfAll) {
    Listening world;
    const OrgNumber akeriet = OrgNumber::parse("556074-7569").value();
    world.main().add("A", akeriet);  // nobody online: it can't be synced, and nothing was agreed with it
    world.sync({});
    ASSERT_EQ(world.company("A").reason->code, Errc::unknown_company);
    world.plot.reached.clear();
    world.choose_locally("E", receiving, false);
    EXPECT_EQ(world.service.record(ekstrom).preferences.receive_invoices, false);
    EXPECT_EQ(world.plot.reached["scan"], 0);
    EXPECT_EQ(world.plot.reached["read"], 2) << "E, and once more when its record comes by the change feed";
    EXPECT_EQ(world.plot.reached["register"], 0);
    EXPECT_EQ(world.company("A").reason->code, Errc::unknown_company) << "it stands as it was";
}

TEST(Push, WhatAFailedRunSawIsReadByTheNextOneThoughNobodyTellsOfItAgain) {
    Listening world;
    world.main().places.at("E").preferences.receive_invoices = false;  // and nobody is told
    world.plot.then("changes", Fate::fail);
    (void)world.sync({.scope = Scope::of_company(ekstrom)});
    ASSERT_EQ(world.service.record(ekstrom).preferences.receive_invoices, true);
    EXPECT_EQ(world.company("E").state, CompanyState::waiting) << "its choice is not told as sent";
    (void)world.sync({.scope = Scope::of_company(lindqvist)});
    EXPECT_EQ(world.service.record(ekstrom).preferences.receive_invoices, false) << "whatever that run was asked for";
}

// The kind: something else wakes whoever sleeps for as long as the service asked.
TEST(Push, WhatTheServiceAsksToWaitIsKeptHoweverMuchHappensHere) {
    Listening world;
    world.plot.why = fail(Errc::rate_limited, "busy");
    world.plot.wait = seconds{60};
    world.plot.then("held_changes", Fate::fail);
    world.choose_online(lindqvist, sending, false);  // ends the one that is held; the next one is refused
    ASSERT_EQ(world.plot.reached["held_changes"], 1);
    const Time asked = world.now;
    world.plot.reached.clear();
    for (int second = 1; second < 58; ++second) {
        world.now = asked + seconds{second};
        world.choose_locally("E", receiving, second % 2 == 0);
        EXPECT_EQ(world.plot.reached["held_changes"] + world.plot.reached["push"] + world.plot.reached["changes"], 0)
            << second;
    }
    for (int i = 0; i < 4; ++i) world.machine->pass_time();
    EXPECT_GE(world.plot.reached["held_changes"], 1);
    EXPECT_EQ(world.plot.reached["push"], 1);
    EXPECT_EQ(world.service.record(ekstrom).preferences.receive_invoices, false);
}

TEST(Push, ListeningThatThrowsIsToldAndBegunAnew) {
    Listening world;
    world.main().news_throw = 2;
    world.choose_locally("E", receiving, false);
    world.choose_locally("E", receiving, true);
    EXPECT_GE(world.count("daemon.fault"), 1U);
    for (int i = 0; i < 4; ++i) world.machine->pass_time();
    EXPECT_EQ(world.count("daemon.fault"), 2U);
    world.plot.reached.clear();
    world.choose_locally("E", receiving, false);
    EXPECT_EQ(world.service.record(ekstrom).preferences.receive_invoices, false);
    EXPECT_EQ(world.plot.reached["scan"], 0) << "told, and not found by looking";
    world.machine->agent().stop();
    world.machine->settle();
}

TEST(Push, ALocalChoiceMakesItLookSoonerWhetherTheServiceIsBack) {
    Listening world;
    for (int i = 0; i < 6; ++i) world.plot.then("changes", Fate::fail).then("held_changes", Fate::fail);
    world.sync({});
    for (int i = 0; i < 4; ++i) world.machine->pass_time();
    ASSERT_TRUE(world.status().service_trouble);
    ASSERT_TRUE(world.status().next_run);
    const Time before = world.now;
    world.choose_locally("E", receiving, false);
    EXPECT_LE(*world.status().next_run - before, seconds{5});
}

TEST(Push, ALocalChoiceDoesNotMakeItAskMoreOftenForWhatIsRefused) {
    Listening world;
    world.plot.why = fail(Errc::sign_in_failed, "the secret is wrong");
    for (int i = 0; i < 8; ++i) world.plot.then("changes", Fate::fail).then("held_changes", Fate::fail);
    world.sync({});
    for (int i = 0; i < 5; ++i) world.machine->pass_time();
    ASSERT_TRUE(world.status().service_trouble);
    const auto planned = world.status().next_run;
    world.choose_locally("E", receiving, false);
    EXPECT_EQ(world.status().next_run, planned);
}

TEST(Push, NoLongerThanAMinuteUntilItIsLookedWhetherTheServiceIsBack) {
    Listening world;
    for (int i = 0; i < 30; ++i) world.plot.then("changes", Fate::fail).then("held_changes", Fate::fail);
    world.sync({});
    for (int i = 0; i < 25; ++i) {
        EXPECT_LE(*world.status().next_run - world.now, seconds{40});
        world.machine->pass_time();
    }
    EXPECT_TRUE(world.status().service_trouble);
}

TEST(Push, AClockThatLeapsBackDoesNotKeepItFromLookingAgain) {
    Listening world;
    for (int i = 0; i < 6; ++i) world.plot.then("changes", Fate::fail).then("held_changes", Fate::fail);
    world.sync({});
    ASSERT_TRUE(world.status().service_trouble);
    world.clock_error = -std::chrono::hours{24 * 30};
    const Time before = world.now;
    for (int i = 0; i < 12; ++i) world.machine->pass_time();
    EXPECT_FALSE(world.status().service_trouble);
    EXPECT_LE(world.now - before, std::chrono::minutes{10});
}

TEST(Push, TroubleWhilePollingLeavesNoLineOpenAndNoUntruth) {
    Listening world;
    world.service.longest_hold = seconds{3};
    for (int i = 0; i < 40 && world.status().feed.state != FeedState::polling; ++i) world.machine->pass_time();
    ASSERT_EQ(world.status().feed.state, FeedState::polling);
    for (int i = 0; i < 6; ++i) world.plot.then("changes", Fate::fail);
    world.sync({});
    for (int i = 0; i < 6 && world.status().feed.state == FeedState::polling; ++i) world.machine->pass_time();
    EXPECT_EQ(world.status().feed.state, FeedState::waiting);
    for (int i = 0; i < 6 && world.status().feed.state == FeedState::waiting; ++i) world.machine->pass_time();
    EXPECT_EQ(world.status().feed.state, FeedState::polling);
    EXPECT_TRUE(world.status().feed.reason) << "and why is known still";
    world.service.longest_hold = std::chrono::hours{1};
    for (int i = 0; i < 400 && world.status().feed.state != FeedState::open; ++i) world.machine->pass_time();
    EXPECT_EQ(world.status().feed.state, FeedState::open);
    EXPECT_EQ(world.count("feed.polling"), 1U);
    EXPECT_EQ(world.count("feed.open"), 1U) << "the line that ends it";
}

TEST(Push, AServiceThatAnswersWithAnErrorAfterAWhileIsNoCut) {
    Listening world;
    world.plot.why = fail(Errc::service_error, "503");
    for (int i = 0; i < 8; ++i) world.plot.then("held_changes", Fate::fail, [&world] { world.now += seconds{3}; });
    for (int i = 0; i < 3; ++i) world.plot.then("changes", Fate::fail);
    world.choose_online(lindqvist, sending, false);
    world.machine->settle();
    EXPECT_TRUE(world.status().service_trouble) << "a run tells what is the matter";
    EXPECT_EQ(world.status().feed.state, FeedState::waiting);
    EXPECT_EQ(world.count("feed.polling"), 0U);
}

TEST(Push, ARunThatIsRefusedHangsUpWhatIsHeld) {
    Listening world;
    world.plot.why = fail(Errc::service_error, "503: one connection a client");
    world.plot.then("changes", Fate::fail);
    const auto held = world.plot.reached["held_changes"];
    world.sync({});
    EXPECT_EQ(world.status().feed.state, FeedState::waiting);
    EXPECT_EQ(world.plot.reached["held_changes"], held);
}

}  // namespace
}  // namespace samsynk::agent
