// Who listens to a stream is asked for again and again whether they still may.
#include "control/live_answers.hpp"

#include <gtest/gtest.h>

#include <boost/asio/post.hpp>
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
        co_await boost::asio::post(boost::asio::use_awaitable);  // what else there is to do is done meanwhile
        std::vector<Event> events;
        if (after == 0) events.push_back(Event{.name = name, .run = of_run, .sequence = 5});
        co_return events;
    }
    bool ended() const override { return closed; }
    NewestEvent newest() const override { return {"now", 5}; }
    std::string name = "run.completed", of_run;
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
    AsyncEvent reading{machine.executor()};
    std::string run;
    LiveAnswers live{machine.executor(), machine.agent(), events};
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

// Reads the first line only when 60 more runs have been made.
TEST_F(LiveAnswersTest, WhoReadsSlowlyGetsTheResultAllTheSame) {
    bool first = true;
    Response response;
    response.stream = Response::Stream{};
    LiveAnswers::Write write = [&](std::string lines) -> awaitable<bool> {
        told.push_back(std::move(lines));
        if (std::exchange(first, false)) co_await reading.wait();
        co_return true;
    };
    LiveAnswers::MayGoOn may = [this] { return allowed(true); };
    machine.serve();
    run = response.stream->run = machine.agent().request_sync({});
    events.of_run = run;
    bool ended = false;
    const auto follow = [&]() -> awaitable<void> { ended = co_await live.follow(std::move(response), write, may); };
    machine.spawn(follow());
    machine.settle();
    for (int n = 0; n < 60; ++n) {
        machine.agent().request_sync({});
        machine.settle();
    }
    EXPECT_FALSE((*machine.run(machine.agent().result(run))).has_value()) << "it is kept by the agent no longer";
    reading.notify_all();
    machine.settle();
    EXPECT_TRUE(ended);
    EXPECT_NE(told.back().find("\"event\":\"result\""), std::string::npos) << told.back();
    EXPECT_NE(told.back().find(run), std::string::npos);
}

TEST_F(LiveAnswersTest, WhoMissedTheEndOfTheRunIsToldOfItAllTheSame) {
    events.name = "events.dropped";
    Response response;
    response.stream = Response::Stream{};
    machine.serve();
    run = response.stream->run = machine.agent().request_sync({});
    LiveAnswers::Write write = [this](std::string lines) { return take(std::move(lines)); };
    LiveAnswers::MayGoOn may = [this] { return allowed(true); };
    EXPECT_TRUE(machine.run(live.follow(std::move(response), std::move(write), std::move(may))).value());
    ASSERT_GE(told.size(), 2U);
    EXPECT_NE(told.front().find("events.dropped"), std::string::npos);
    EXPECT_NE(told.back().find("\"event\":\"result\""), std::string::npos) << told.back();
}

}  // namespace
}  // namespace samsynk::control
