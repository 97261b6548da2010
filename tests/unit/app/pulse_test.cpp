// What the watchdog is fed by.
#include "app/pulse.hpp"

#include <gtest/gtest.h>

namespace samsynk::app {
namespace {

using namespace std::chrono_literals;

struct Days {
    Pulse pulse;
    Pulse::Instant now = Pulse::Instant{} + 1h;

    std::chrono::milliseconds step{0};

    bool look(bool running, std::uint64_t progress, bool overdue = false) {
        now += 1min;
        return pulse.beats({running, progress, overdue, 20min, step}, now);
    }
};

TEST(Pulse, ARunThatGetsSomewhere) {
    Days days;
    for (std::uint64_t event = 1; event < 100; ++event) EXPECT_TRUE(days.look(true, event)) << event;
}

TEST(Pulse, ARunThatHangs) {
    Days days;
    EXPECT_TRUE(days.look(true, 7));
    EXPECT_FALSE(days.look(true, 7)) << "the loop turns, and nothing is done";
    EXPECT_FALSE(days.look(true, 7));
    EXPECT_TRUE(days.look(true, 8)) << "it was slow only";
}

TEST(Pulse, AStepThatMayTakeLong) {
    Days days{.step = 10min};
    EXPECT_TRUE(days.look(true, 7));
    for (int minute = 1; minute <= 10; ++minute) EXPECT_TRUE(days.look(true, 7)) << minute;
    EXPECT_TRUE(days.look(true, 8)) << "the step has been done, and the next one has its own time";
    for (int minute = 1; minute <= 10; ++minute) EXPECT_TRUE(days.look(true, 8)) << minute;
    EXPECT_FALSE(days.look(true, 8)) << "longer than any step may take";
    EXPECT_FALSE(days.look(true, 8));
}

TEST(Pulse, AStepIsCountedFromTheBeginningOfItsRun) {
    Days days{.step = 10min};
    for (int minute = 0; minute < 60; ++minute) EXPECT_TRUE(days.look(false, 7));
    for (int minute = 1; minute <= 10; ++minute) EXPECT_TRUE(days.look(true, 7)) << minute;
    EXPECT_FALSE(days.look(true, 7));
}

TEST(Pulse, RestBetweenRuns) {
    Days days;
    for (int minute = 0; minute < 24 * 60; ++minute) EXPECT_TRUE(days.look(false, 7));
}

TEST(Pulse, ANextRunThatNeverBegins) {
    Days days;
    EXPECT_TRUE(days.look(false, 7));
    for (int minute = 0; minute <= 20; ++minute) EXPECT_TRUE(days.look(false, 7, true)) << "a clock may have jumped";
    EXPECT_FALSE(days.look(false, 7, true));
    EXPECT_TRUE(days.look(false, 8, true)) << "it has begun";
}

TEST(Pulse, AnEventEndsTheWait) {
    Days days;
    for (std::uint64_t minute = 0; minute < 100; ++minute) EXPECT_TRUE(days.look(false, minute / 10, true)) << minute;
}

}  // namespace
}  // namespace samsynk::app
