// What the watchdog is fed by, and how long one step of a run may take.
#include "app/systemd.hpp"

#include <gtest/gtest.h>

namespace samsynk::app {
namespace {

using namespace std::chrono_literals;

settings::Settings with(const char* connector, std::optional<std::chrono::seconds> timeout) {
    settings::Settings settings;
    settings::Installation installation;
    installation.connector = connector;
    installation.timeout = timeout;
    settings.installations.push_back(std::move(installation));
    return settings;
}

TEST(MaxStepDuration, NothingThatTheWatchdogCouldNotWaitForAnyway) {
    EXPECT_EQ(max_step_duration(settings::Settings{}), 0ms);
    EXPECT_EQ(max_step_duration(with("folder", {})), 0ms);
    EXPECT_EQ(max_step_duration(with("sql", {})), 0ms);
    EXPECT_EQ(max_step_duration(with("sql", 40s)), 0ms);
}

TEST(MaxStepDuration, ARequestToTheService) {
    settings::Settings settings;
    settings.service.reply_timeout = 10min;
    EXPECT_EQ(max_step_duration(settings), 10min + 40s);
    settings.service.connect_timeout = 2min;
    EXPECT_EQ(max_step_duration(settings), 18min) << "an answer, and the way to the next one";
}

TEST(MaxStepDuration, ACallToAnInstallation) {
    EXPECT_EQ(max_step_duration(with("sql", 10min)), 30min);
    EXPECT_EQ(max_step_duration(with("exec", {})), 5min)
        << "as a bridge may have that says something every half minute";
    EXPECT_EQ(max_step_duration(with("exec", 10min)), 100min);
}

TEST(MaxStepDuration, TheLongestOfAll) {
    settings::Settings settings = with("sql", 5min);
    settings.installations.push_back(with("sql", 1s).installations.front());
    settings.service.reply_timeout = 10min;
    EXPECT_EQ(max_step_duration(settings), 15min);
}

struct Days {
    ProgressMonitor monitor;
    ProgressMonitor::Instant now = ProgressMonitor::Instant{} + 1h;

    std::chrono::milliseconds step{0};

    bool look(bool running, std::uint64_t progress, bool overdue = false) {
        now += 1min;
        return monitor.is_healthy({running, progress, overdue, 20min, step}, now);
    }
};

TEST(ProgressMonitor, ARunThatGetsSomewhere) {
    Days days;
    for (std::uint64_t event = 1; event < 100; ++event) EXPECT_TRUE(days.look(true, event)) << event;
}

TEST(ProgressMonitor, ARunThatHangs) {
    Days days;
    EXPECT_TRUE(days.look(true, 7));
    EXPECT_FALSE(days.look(true, 7)) << "the loop turns, and nothing is done";
    EXPECT_FALSE(days.look(true, 7));
    EXPECT_TRUE(days.look(true, 8)) << "it was slow only";
}

TEST(ProgressMonitor, AStepThatMayTakeLong) {
    Days days{.step = 10min};
    EXPECT_TRUE(days.look(true, 7));
    for (int minute = 1; minute <= 10; ++minute) EXPECT_TRUE(days.look(true, 7)) << minute;
    EXPECT_TRUE(days.look(true, 8)) << "the step has been done, and the next one has its own time";
    for (int minute = 1; minute <= 10; ++minute) EXPECT_TRUE(days.look(true, 8)) << minute;
    EXPECT_FALSE(days.look(true, 8)) << "longer than any step may take";
    EXPECT_FALSE(days.look(true, 8));
}

TEST(ProgressMonitor, AStepIsCountedFromTheBeginningOfItsRun) {
    Days days{.step = 10min};
    for (int minute = 0; minute < 60; ++minute) EXPECT_TRUE(days.look(false, 7));
    for (int minute = 1; minute <= 10; ++minute) EXPECT_TRUE(days.look(true, 7)) << minute;
    EXPECT_FALSE(days.look(true, 7));
}

TEST(ProgressMonitor, RestBetweenRuns) {
    Days days;
    for (int minute = 0; minute < 24 * 60; ++minute) EXPECT_TRUE(days.look(false, 7));
}

TEST(ProgressMonitor, ANextRunThatNeverBegins) {
    Days days;
    EXPECT_TRUE(days.look(false, 7));
    for (int minute = 0; minute <= 20; ++minute) EXPECT_TRUE(days.look(false, 7, true)) << "a clock may have jumped";
    EXPECT_FALSE(days.look(false, 7, true));
    EXPECT_TRUE(days.look(false, 8, true)) << "it has begun";
}

TEST(ProgressMonitor, AnEventEndsTheWait) {
    Days days;
    for (std::uint64_t minute = 0; minute < 100; ++minute) EXPECT_TRUE(days.look(false, minute / 10, true)) << minute;
}

}  // namespace
}  // namespace samsynk::app
