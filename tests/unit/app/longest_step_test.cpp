// How long one step of a run may take.
#include "app/longest_step.hpp"

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

TEST(LongestStep, NothingThatTheWatchdogCouldNotWaitForAnyway) {
    EXPECT_EQ(longest_step(settings::Settings{}), 0ms);
    EXPECT_EQ(longest_step(with("folder", {})), 0ms);
    EXPECT_EQ(longest_step(with("sql", {})), 0ms);
    EXPECT_EQ(longest_step(with("sql", 40s)), 0ms);
}

TEST(LongestStep, ARequestToTheService) {
    settings::Settings settings;
    settings.service.reply_timeout = 10min;
    EXPECT_EQ(longest_step(settings), 10min + 40s);
    settings.service.connect_timeout = 2min;
    EXPECT_EQ(longest_step(settings), 18min) << "an answer, and the way to the next one";
}

TEST(LongestStep, ACallToAnInstallation) {
    EXPECT_EQ(longest_step(with("sql", 10min)), 30min);
    EXPECT_EQ(longest_step(with("exec", {})), 5min) << "as a bridge may have that says something every half minute";
    EXPECT_EQ(longest_step(with("exec", 10min)), 100min);
}

TEST(LongestStep, TheLongestOfAll) {
    settings::Settings settings = with("sql", 5min);
    settings.installations.push_back(with("sql", 1s).installations.front());
    settings.service.reply_timeout = 10min;
    EXPECT_EQ(longest_step(settings), 15min);
}

}  // namespace
}  // namespace samsynk::app
