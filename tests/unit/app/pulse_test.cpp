// What the watchdog is fed by.
#include "app/pulse.hpp"

#include <gtest/gtest.h>

namespace samsynk::app {
namespace {

using namespace std::chrono_literals;

struct Days {
    Pulse pulse;
    Pulse::Instant now = Pulse::Instant{} + 1h;

    bool look(bool running, std::uint64_t last_event, bool overdue = false) {
        now += 1min;
        return pulse.beats({running, last_event, overdue, 20min}, now);
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
