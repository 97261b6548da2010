// Lost answers, crashes and others who act at the same moment: nothing is lost, nothing is done twice.
#include "support.hpp"

namespace samsynk::agent {
namespace {

TEST(Trouble, ALostAnswerIsSettledByTheSameOperationAgain) {
    Both world{{.send_all_invoices = true}, {}};
    world.plot.then("push", Fate::do_then_fail);
    Machine machine{world};
    EXPECT_EQ(machine.once()->outcome, Outcome::failed);
    ASSERT_EQ(world.disk.memory.operations.size(), 1U);
    EXPECT_EQ(machine.once()->outcome, Outcome::completed);
    EXPECT_EQ(world.service.applied.size(), 1U);
    EXPECT_EQ(world.agreed().base.send_all_invoices, true);
    EXPECT_TRUE(world.disk.memory.operations.empty());
}

TEST(Trouble, WhatWasChosenOnlineAfterALostAnswerWins) {
    Both world{{.send_all_invoices = true}, {}};
    world.plot.then("push", Fate::do_then_fail);
    Machine machine{world};
    machine.once();
    world.service.choose(lindqvist, sending, false);
    machine.once();
    EXPECT_EQ(world.online().send_all_invoices, false);
    EXPECT_EQ(world.local().send_all_invoices, false);
}

TEST(Trouble, TheBaseIsWhatWasSentWhateverTheRecordOfTheAnswerSays) {
    Both world{{.send_all_invoices = true}, {}};
    world.service.answers_with_record_of_now = true;
    world.plot.then("push", Fate::do_then_fail);
    Machine machine{world};
    machine.once();
    world.service.choose(lindqvist, sending, false);
    machine.once();
    EXPECT_EQ(world.online().send_all_invoices, false) << "the newer choice is the online one";
    EXPECT_EQ(world.local().send_all_invoices, false);
    EXPECT_EQ(world.service.applied.size(), 1U);
}

TEST(Trouble, WhatWasChosenLocallyAfterALostAnswerWins) {
    Both world{{.send_all_invoices = true}, {}};
    world.plot.then("push", Fate::do_then_fail);
    Machine machine{world};
    machine.once();
    world.local().send_all_invoices = false;
    machine.once();
    EXPECT_EQ(world.online().send_all_invoices, false);
    EXPECT_EQ(world.local().send_all_invoices, false);
}

TEST(Trouble, ACrashAfterALocalWriteIsNotTakenForAChoice) {
    Both world{{.send_all_invoices = true}, {.send_all_invoices = true}};
    Machine{world}.once();
    world.service.choose(lindqvist, sending, false);
    world.plot.then("write_preferences", Fate::do_then_crash);
    {
        Machine machine{world};
        EXPECT_FALSE(machine.once());
        EXPECT_TRUE(machine.crashed());
    }
    EXPECT_EQ(world.local().send_all_invoices, false);
    ASSERT_EQ(world.disk.memory.intents.size(), 1U);
    world.service.choose(lindqvist, sending, true);  // back again, before the agent is
    Machine{world}.once();
    EXPECT_EQ(world.local().send_all_invoices, true) << "the agent's own write is no choice of the accountant's";
    EXPECT_EQ(world.online().send_all_invoices, true);
}

TEST(Trouble, ACrashBeforeALocalWriteLosesNothing) {
    Both world{{}, {.send_all_invoices = false}};
    world.plot.then("write_preferences", Fate::crash);
    EXPECT_FALSE(Machine{world}.once());
    Machine{world}.once();
    EXPECT_EQ(world.local().send_all_invoices, false);
    EXPECT_TRUE(world.disk.memory.intents.empty());
}

TEST(Trouble, ARecordThatMovedOnIsPlannedAgainInTheSameRun) {
    Both world{{.send_all_invoices = true}, {}};
    world.plot.then("push", Fate::go_on, [&] { world.service.choose(lindqvist, receiving, true); });
    const auto result = Machine{world}.once();
    EXPECT_EQ(result->outcome, Outcome::completed);
    EXPECT_EQ(result->synced, 1U);
    EXPECT_EQ(world.online(), (Preferences{.send_all_invoices = true, .receive_invoices = true}));
    EXPECT_EQ(world.local().receive_invoices, true);
}

TEST(Trouble, AChoiceMadeAtTheSameMomentStandsAndIsSent) {
    Both world{{.send_all_invoices = true}, {.send_all_invoices = true}};
    Machine machine{world};
    machine.once();
    world.service.choose(lindqvist, receiving, true);
    world.plot.then("write_preferences", Fate::go_on, [&] { world.local().receive_invoices = false; });
    EXPECT_EQ(machine.once()->outcome, Outcome::completed);
    EXPECT_EQ(world.local().receive_invoices, world.online().receive_invoices);
    EXPECT_EQ(world.plot.reached["read"], 1) << "the place was read and planned again";
}

TEST(Trouble, AServiceRestoredInMidRunIsReadAnew) {
    Both world{{}, {.receive_invoices = true}};
    Machine machine{world};
    machine.once();
    const auto backup = world.service.backup();
    world.local().send_all_invoices = true;
    world.plot.then("push", Fate::go_on, [&] { world.service.restore(backup); });
    EXPECT_EQ(machine.once()->outcome, Outcome::completed);
    EXPECT_EQ(world.disk.memory.epoch, world.service.epoch());
    EXPECT_EQ(world.online().send_all_invoices, true);
}

TEST(Trouble, WhatWasSentIsAgreedAtThePlaceThatSentItAndNotAtAnIgnoredCopy) {
    Both world{{.send_all_invoices = true}, {}};
    Machine{world}.once();
    world.main().places.at("L").ignored = true;
    world.main().add("M", lindqvist, {.send_all_invoices = false}).settled = true;
    EXPECT_EQ(Machine{world}.once()->changed, 2U) << "the copy's choice at first contact, and the notice";
    world.main().places.at("M").preferences.send_all_invoices = false;
    Machine{world}.once();
    EXPECT_EQ(world.online().send_all_invoices, false);
    EXPECT_EQ(world.disk.memory.agreements.find({"main", "M"})->base.send_all_invoices, false);
    EXPECT_EQ(world.agreed().base.send_all_invoices, true) << "the ignored place is left as it was";
}

TEST(Trouble, AnExpiredCursorLeadsToAFullList) {
    Both world;
    Machine machine{world};
    machine.once();
    world.service.choose(lindqvist, receiving, true);
    world.service.expire_cursors();
    EXPECT_EQ(machine.once()->outcome, Outcome::completed);
    EXPECT_EQ(world.local().receive_invoices, true);
    EXPECT_EQ(world.plot.reached["list"], 2);
}

TEST(Trouble, OneOperationThatTheServiceCanNotReadKeepsBackNoOther) {
    World world;
    std::vector<OrgNumber> numbers;
    for (int i = 0; i < 9; ++i) {
        const std::string nine = "55600" + std::to_string(3000 + i);
        for (char check = '0'; check <= '9'; ++check)
            if (const auto number = OrgNumber::parse(nine + check); number.has_value()) numbers.push_back(*number);
    }
    for (const OrgNumber& number : numbers) {
        world.service.add(number, number.digits());
        world.main().add(number.digits(), number, {.send_all_invoices = true});
    }
    world.service.unreadable = numbers[4];
    Machine machine{world};
    const auto result = machine.once();
    EXPECT_EQ(result->outcome, Outcome::completed);
    EXPECT_EQ(result->failed, 1U);
    EXPECT_EQ(result->problems.front().reason->code, Errc::rejected);
    EXPECT_EQ(world.service.applied.size(), numbers.size() - 1);
    EXPECT_TRUE(world.disk.memory.operations.empty()) << "it is not asked for for ever";
}

TEST(Trouble, AFullDiskFailsTheRunBeforeAnythingIsSent) {
    Both world{{.send_all_invoices = true}, {}};
    world.plot.then("commit", Fate::fail);
    Machine machine{world};
    const auto result = machine.once();
    EXPECT_EQ(result->outcome, Outcome::failed);
    EXPECT_EQ(result->error->code, Errc::state_failed);
    EXPECT_TRUE(world.service.applied.empty());
    EXPECT_EQ(machine.once()->outcome, Outcome::completed);
}

// Sixty companies in step; a fifth of them is twelve.
struct Office : World {
    Office() {
        for (int i = 0; static_cast<int>(numbers.size()) < 60; ++i)
            for (char check = '0'; check <= '9'; ++check)
                if (const auto number = OrgNumber::parse(std::to_string(556'200'000 + i) + check); number.has_value())
                    numbers.push_back(*number);
        for (const OrgNumber& number : numbers) {
            service.add(number, "X", CollaborationState::active, {true, true});
            main().add(number.digits(), number, {true, true});
        }
        machine = std::make_unique<Machine>(*this);
        machine->serve();
    }
    void flip(std::size_t from, std::size_t count) {
        for (std::size_t i = from; i < from + count; ++i) service.choose(numbers.at(i), receiving, false);
        machine->run(machine->agent().result(machine->agent().request_sync({})));
    }
    std::size_t held() const { return machine->agent().held().size(); }

    std::vector<OrgNumber> numbers;
    std::unique_ptr<Machine> machine;
};

TEST(Clock, ThatLeapsDisarmsTheGuardNeitherAheadNorBackNorAsItComesBack) {
    using std::chrono::hours;
    for (const hours leap : {hours{25}, hours{-25}, hours{24 * 400}, hours{-24 * 400}}) {
        Office there, back;
        there.flip(0, 8);
        EXPECT_EQ(there.held(), 0U);
        there.clock_error = leap;
        there.flip(8, 8);
        EXPECT_EQ(there.held(), 1U) << leap.count() << ": 16 of 60 in a day";
        back.clock_error = leap;
        back.flip(0, 8);
        back.clock_error = {};
        back.flip(8, 8);
        EXPECT_EQ(back.held(), 1U) << leap.count() << ": noted by a clock that was wrong";
    }
}

TEST(Clock, ADayThatHasReallyPassedIsOne) {
    Office office;
    office.flip(0, 8);
    office.now += std::chrono::hours{25};
    office.flip(8, 8);
    EXPECT_EQ(office.held(), 0U);
}

TEST(Clock, FarAheadReleasesNoMissingCompany) {
    Both world{{.send_all_invoices = true}, {.send_all_invoices = true}};
    Machine machine{world};
    machine.serve();
    world.main().places.erase("L");
    machine.run(machine.agent().result(machine.agent().request_sync({})));
    world.clock_error = std::chrono::hours{24 * 365};
    machine.run(machine.agent().result(machine.agent().request_sync({})));
    EXPECT_EQ(world.service.holder(lindqvist), "uuid-main");
    world.clock_error = {};
    world.now += std::chrono::hours{24 * 31};
    machine.run(machine.agent().result(machine.agent().request_sync({})));
    EXPECT_EQ(world.service.holder(lindqvist), "");
}

TEST(Clock, AClaimThatAWrongClockNotedIsAskedForAgain) {
    Both world{{.send_all_invoices = true}, {}};
    world.clock_error = std::chrono::hours{24 * 365};
    Machine{world}.once();
    world.clock_error = {};
    world.service.release(lindqvist);
    Machine machine{world};
    machine.serve();
    EXPECT_EQ(world.service.holder(lindqvist), "uuid-main");
}

}  // namespace
}  // namespace samsynk::agent
