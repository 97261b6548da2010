// Who listens to a stream is asked for again and again whether they still may.
#include "control/live_answers.hpp"

#include <gtest/gtest.h>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "support/machine.hpp"

namespace samsynk::control {
namespace {

using boost::asio::awaitable;
using namespace std::chrono_literals;

// Tells one event, and then nothing any more.
struct QuietEvents : EventStream {
    awaitable<std::vector<Event>> next(std::uint64_t after, std::chrono::milliseconds at_most) override {
        waited = at_most;
        std::vector<Event> events;
        if (after == 0) events.push_back(Event{.name = "run.completed", .sequence = 5});
        co_return events;
    }
    bool ended() const override { return closed; }
    NewestEvent newest() const override { return {"now", 5}; }
    bool closed = false;
    std::chrono::milliseconds waited{0};
};

struct LiveAnswersTest : testing::Test {
    bool follow(int times_allowed) {
        Response response;
        response.stream = Response::Stream{};
        LiveAnswers::Write write = [this](std::string lines) { return take(std::move(lines)); };
        LiveAnswers::MayGoOn may = [this, left = times_allowed]() mutable { return allowed(left-- > 0); };
        return machine.run(live.follow(std::move(response), std::move(write), std::move(may))).value();
    }
    awaitable<bool> take(std::string lines) {
        told.push_back(std::move(lines));
        co_return true;
    }
    awaitable<bool> allowed(bool still) {
        ++asked;
        co_return still;
    }

    support::World world;
    support::Machine machine{world};
    QuietEvents events;
    LiveAnswers live{machine.agent(), events};
    std::vector<std::string> told;
    int asked = 0;
};

TEST_F(LiveAnswersTest, WhoMayNoLongerIsToldSoAlsoWhereNothingHappens) {
    EXPECT_TRUE(follow(4)) << "it ends in order";
    ASSERT_EQ(told.size(), 2U);
    EXPECT_NE(told[0].find("run.completed"), std::string::npos);
    EXPECT_NE(told[1].find("\"access.ended\""), std::string::npos);
    EXPECT_NE(told[1].find("\"sequence\":5"), std::string::npos) << told[1];
    EXPECT_EQ(asked, 5);
    EXPECT_LE(events.waited, 30s);
}

TEST_F(LiveAnswersTest, NothingIsToldToOneWhoMayNotLook) {
    EXPECT_TRUE(follow(0));
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told[0].find("run.completed"), std::string::npos);
}

}  // namespace
}  // namespace samsynk::control
