// What was done is told afterwards: explain, history, and the way back.
#include "support.hpp"

namespace samsynk::agent {
namespace {

using sync::ChangeKind;
using sync::HistoryChange;

std::vector<sync::HistoryEntry> history(Machine& machine, sync::HistoryQuery query = {}) {
    return machine.run(machine.agent().history(std::move(query))).value().value();
}

Explanation explain(Machine& machine) { return machine.run(machine.agent().explain(lindqvist)).value().value(); }

TEST(History, TellsOfBothDirectionsTheRuleTheOperationAndTheRequest) {
    Both world{{.send_all_invoices = true}, {.receive_invoices = false}};
    Machine machine{world};
    machine.serve();
    const auto runs = history(machine);
    ASSERT_EQ(runs.size(), 1U);
    EXPECT_EQ(runs[0].run.outcome, "completed");
    EXPECT_EQ(runs[0].run.changed, 3);
    ASSERT_EQ(runs[0].changes.size(), 3U);
    const HistoryChange& fetched = runs[0].changes[0];
    EXPECT_EQ(fetched.kind, ChangeKind::to_local);
    EXPECT_EQ(fetched.rule, sync::Rule::fill_local);
    EXPECT_EQ(fetched.to, false);
    const HistoryChange& sent = runs[0].changes[1];
    EXPECT_EQ(sent.kind, ChangeKind::to_online);
    EXPECT_EQ(sent.rule, sync::Rule::fill_online);
    EXPECT_EQ(sent.operation, world.service.applied.front().id);
    EXPECT_EQ(sent.request, "q");
    EXPECT_EQ(runs[0].changes[2].kind, ChangeKind::told);
}

TEST(History, ARunThatDidNothingLeavesNoTrace) {
    Both world;
    Machine machine{world};
    machine.serve();
    const auto runs = history(machine).size();
    machine.run(machine.agent().result(machine.agent().request_sync({})));
    EXPECT_EQ(history(machine).size(), runs);
}

TEST(History, AFailureThatLastsIsToldOnce) {
    Both world;
    for (int i = 0; i < 3; ++i) world.plot.then("list", Fate::fail);
    Machine machine{world};
    machine.serve();
    machine.pass_time();
    machine.pass_time();
    machine.pass_time();
    std::vector<std::string> outcomes;
    for (const auto& entry : history(machine)) outcomes.push_back(entry.run.outcome);
    EXPECT_EQ(outcomes, (std::vector<std::string>{"completed", "failed"}));
}

TEST(History, WhatWasSentBeforeACrashIsToldOfTheRunThatSentIt) {
    Both world{{.send_all_invoices = true}, {}};
    world.plot.then("push", Fate::do_then_crash);
    EXPECT_FALSE(Machine{world}.once());
    Machine machine{world};
    machine.serve();
    const auto runs = history(machine);
    ASSERT_EQ(runs.size(), 2U);
    EXPECT_EQ(runs[1].run.outcome, "") << "it was cut off";
    ASSERT_EQ(runs[1].changes.size(), 1U);
    EXPECT_EQ(runs[1].changes[0].rule, sync::Rule::fill_online);
    EXPECT_EQ(runs[1].changes[0].to, true);
}

TEST(History, WhatWasWrittenBeforeACrashIsToldToo) {
    Both world{{}, {.send_all_invoices = true}};
    world.plot.then("write_preferences", Fate::do_then_crash);
    EXPECT_FALSE(Machine{world}.once());
    Machine machine{world};
    machine.serve();
    const auto entry = history(machine, {.company = lindqvist}).back();
    ASSERT_EQ(entry.changes.size(), 1U);
    EXPECT_EQ(entry.changes[0].kind, ChangeKind::to_local);
    EXPECT_EQ(entry.changes[0].to, true);
}

TEST(History, WhoChoseThroughSamsynkIsTold) {
    Both world;
    Machine machine{world};
    machine.serve();
    machine.run(machine.agent().set_preferences(lindqvist, {.send_all_invoices = true}, "anna"));
    const auto newest = history(machine).front();
    EXPECT_EQ(newest.run.by, "anna");
    ASSERT_FALSE(newest.changes.empty());
    EXPECT_EQ(newest.changes[0].kind, ChangeKind::chosen);
    EXPECT_EQ(newest.changes[0].by, "anna");
}

TEST(Explain, SaysWhatEachSideHasAndWhyItChangedLast) {
    Both world{{}, {.receive_invoices = true}};
    Machine machine{world};
    machine.serve();
    world.service.choose(lindqvist, receiving, false);
    machine.run(machine.agent().result(machine.agent().request_sync({})));
    const Explanation told = explain(machine);
    const Explained& one = told.preferences[1];
    EXPECT_EQ(one.preference, receiving);
    EXPECT_EQ(one.local, false);
    EXPECT_EQ(one.online, false);
    EXPECT_EQ(one.agreed, false);
    EXPECT_EQ(one.rule, sync::Rule::agree);
    ASSERT_TRUE(one.last_change);
    EXPECT_EQ(one.last_change->rule, sync::Rule::online_changed);
    EXPECT_EQ(one.last_change->from, true);
    EXPECT_FALSE(told.preferences[0].last_change);
    ASSERT_TRUE(told.claim);
    EXPECT_EQ(told.claim->status, sync::ClaimStatus::granted);
}

TEST(Explain, ShowsAnOperationThatHasNoAnswerYet) {
    Both world{{.send_all_invoices = true}, {}};
    world.plot.then("push", Fate::do_then_fail);
    Machine machine{world};
    machine.serve();
    const Explanation told = explain(machine);
    ASSERT_TRUE(told.preferences[0].under_way);
    EXPECT_EQ(told.preferences[0].under_way->id, world.disk.memory.operations.front().id);
}

TEST(Explain, AWishThatWaitsAndAHoldSayWhatTheyWaitFor) {
    Both world{{.send_all_invoices = true, .receive_invoices = true}, {.receive_invoices = false}};
    world.policy.first_contact = sync::FirstContact::hold;
    world.service.set_state(lindqvist, CollaborationState::invited);
    Machine machine{world};
    machine.serve();
    const Explanation told = explain(machine);
    EXPECT_EQ(told.preferences[0].action, sync::Action::wait);
    EXPECT_EQ(told.preferences[1].action, sync::Action::hold);
    EXPECT_EQ(told.preferences[1].held, sync::HoldKind::first_contact);
}

TEST(Explain, APlaceThatCanNotBeReadNowIsExplainedAllTheSame) {
    Both world{{.send_all_invoices = true}, {}};
    Machine machine{world};
    machine.serve();
    world.main().places.at("L").trouble = fail(Errc::bad_file, "broken");
    world.main().places.at("L").company.reset();
    EXPECT_EQ(explain(machine).preferences[0].agreed, true);
}

// Both sides had yes; online became no, and a run carried that to the local side.
struct Flipped : Both {
    Flipped() : Both{{.receive_invoices = true}, {.receive_invoices = true}} {}
    std::string flip(Machine& machine) {
        service.choose(lindqvist, receiving, false);
        const auto run = machine.agent().request_sync({});
        machine.run(machine.agent().result(run));
        return run;
    }
};

TEST(Revert, MakesTheOppositeChangesOnBothSides) {
    Flipped world;
    Machine machine{world};
    machine.serve();
    const auto run = world.flip(machine);
    const auto reverted = machine.run(machine.agent().revert(run, "anna"));
    ASSERT_TRUE(reverted && reverted->has_value());
    EXPECT_EQ((*reverted)->count, 1U);
    EXPECT_TRUE((*reverted)->skipped.empty());
    EXPECT_EQ(world.local().receive_invoices, true);
    EXPECT_EQ(world.online().receive_invoices, true);
    const auto back = machine.run(machine.agent().revert((*reverted)->run->run, "anna"));
    EXPECT_EQ((*back)->count, 1U) << "a revert is a run like any other";
    EXPECT_EQ(world.online().receive_invoices, false);
}

TEST(Revert, LeavesWhatSomebodyChangedSinceAndWhatWasNotChosenBefore) {
    Flipped world;
    Machine machine{world};
    machine.serve();
    const auto run = world.flip(machine);
    world.local().receive_invoices = true;
    const auto late = machine.run(machine.agent().revert(run, "anna"));
    EXPECT_EQ((*late)->count, 0U);
    ASSERT_EQ((*late)->skipped.size(), 1U);
    EXPECT_EQ((*late)->skipped[0].why.code, Errc::changed_meanwhile);
    world.service.choose(lindqvist, sending, true);
    const auto filled = machine.agent().request_sync({});
    machine.run(machine.agent().result(filled));
    const auto unmade = machine.run(machine.agent().revert(filled, "anna"));
    ASSERT_FALSE((*unmade)->skipped.empty());
    EXPECT_EQ(world.local().send_all_invoices, true) << "absence is no choice";
    EXPECT_EQ(machine.run(machine.agent().revert("r-none", "anna"))->error().code, Errc::not_found);
}

TEST(Revert, OfManyIsHeldByTheGuardLikeAnyMassChange) {
    World world;
    world.script = &world.calm;
    for (int i = 0; i < 20; ++i) {
        const std::string nine = "55600" + std::to_string(2000 + i);
        for (char check = '0'; check <= '9'; ++check)
            if (const auto number = OrgNumber::parse(nine + check); number.has_value()) {
                world.service.add(*number, nine, CollaborationState::active, {.receive_invoices = true});
                world.main().add(nine, *number, {.receive_invoices = true});
            }
    }
    Machine machine{world};
    machine.serve();
    for (const auto& [place, company] : world.main().places) world.service.choose(*company.company, receiving, false);
    const auto flip = machine.agent().request_sync({});
    machine.run(machine.agent().result(flip));
    ASSERT_EQ(machine.agent().held().size(), 1U);
    const std::string hold = machine.agent().held().front().id;
    const auto approved = machine.run(machine.agent().approve(hold, {}, "anna"));
    EXPECT_EQ(world.main().places.begin()->second.preferences.receive_invoices, false);
    machine.run(machine.agent().revert((**approved)->run, "anna"));
    ASSERT_EQ(machine.agent().held().size(), 1U);
    EXPECT_EQ(machine.agent().held().front().planned, sync::Side::local);
}

}  // namespace
}  // namespace samsynk::agent
