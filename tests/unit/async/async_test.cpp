// Waiting, one at a time, and owners that see how their coroutines end.
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <future>

#include "async/asked_aside.hpp"
#include "async/cancellation.hpp"
#include "async/event.hpp"
#include "async/mutex.hpp"
#include "async/task_group.hpp"
#include "async/token_bucket.hpp"
#include "async/worker.hpp"

namespace samsynk {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

struct Async : testing::Test {
    void settle() {
        context.restart();
        context.poll();
    }
    asio::io_context context;
    TaskGroup tasks{context.get_executor()};
    std::vector<std::string> told;
    TaskGroup::Ended ended = [this](const std::exception_ptr& thrown) { told.push_back("ended:" + what_of(thrown)); };
};

TEST_F(Async, AnEventWakesAllWhoWaitAndRemembersNothing) {
    AsyncEvent event{context.get_executor()};
    const auto wait = [&]() -> asio::awaitable<void> { co_await event.wait(); };
    event.notify_all();
    tasks.spawn(wait(), ended);
    tasks.spawn(wait(), ended);
    settle();
    EXPECT_EQ(tasks.running(), 2U) << "what was told before is no news";
    event.notify_all();
    settle();
    EXPECT_EQ(tasks.running(), 0U);
}

TEST_F(Async, AnEventIsWaitedForNoLongerThanThat) {
    AsyncEvent event{context.get_executor()};
    const auto began = std::chrono::steady_clock::now();
    const auto wait = [&]() -> asio::awaitable<void> { co_await event.wait_for(20ms); };  // lives as long as it waits
    tasks.spawn(wait(), ended);
    context.run();
    EXPECT_GE(std::chrono::steady_clock::now() - began, 20ms);
    EXPECT_EQ(told.size(), 1U);
}

TEST_F(Async, WhoWaitsOutlivesTheEventAndTheOtherWayRound) {
    auto event = std::make_unique<AsyncEvent>(context.get_executor());
    const auto wait = [](AsyncEvent* of) -> asio::awaitable<void> { co_await of->wait(); };
    tasks.spawn(wait(event.get()), ended);
    settle();
    event.reset();
    settle();
    EXPECT_EQ(told.size(), 1U);
    AsyncEvent stays{context.get_executor()};
    {
        asio::io_context other;
        AsyncEvent of_other{other.get_executor()};
        asio::co_spawn(other, wait(&of_other), asio::use_future);
        other.poll();
    }
    stays.notify_all();
}

TEST_F(Async, AMutexLetsThemPassInTheOrderOfAsking) {
    const auto mutex = std::make_shared<AsyncMutex>();
    AsyncEvent go_on{context.get_executor()};
    int inside = 0;
    const auto pass = [&](std::string name) -> asio::awaitable<void> {
        const auto lock = co_await AsyncMutex::lock(mutex);
        EXPECT_EQ(++inside, 1);
        told.push_back(name);
        co_await go_on.wait();
        --inside;
    };
    for (const char* name : {"a", "b", "c"}) tasks.spawn(pass(name), [](const std::exception_ptr&) {});
    for (int i = 0; i < 3; ++i) {
        settle();
        go_on.notify_all();
    }
    settle();
    EXPECT_EQ(told, (std::vector<std::string>{"a", "b", "c"}));
}

TEST_F(Async, ALockIsGivenBackWhereItsOwnerThrows) {
    const auto mutex = std::make_shared<AsyncMutex>();
    const auto fail = [&]() -> asio::awaitable<void> {
        const auto lock = co_await AsyncMutex::lock(mutex);
        throw std::runtime_error{"planted"};
    };
    tasks.spawn(fail(), ended);
    tasks.spawn(fail(), ended);
    settle();
    EXPECT_EQ(told, (std::vector<std::string>{"ended:planted", "ended:planted"}));
}

TEST_F(Async, AGroupTellsWhatWasThrownAndWaitsForAll) {
    AsyncEvent go_on{context.get_executor()};
    const auto wait = [&]() -> asio::awaitable<void> { co_await go_on.wait(); };
    tasks.spawn(wait(), ended);
    const auto fail = []() -> asio::awaitable<void> {
        throw std::bad_alloc{};
        co_return;
    };
    tasks.spawn(fail(), ended);
    bool joined = false;
    asio::co_spawn(context, tasks.join(), [&](const std::exception_ptr&) { joined = true; });
    settle();
    EXPECT_EQ(told, (std::vector<std::string>{"ended:std::bad_alloc"}));
    EXPECT_FALSE(joined);
    go_on.notify_all();
    settle();
    EXPECT_TRUE(joined);
    EXPECT_EQ(told.back(), "ended:");
}

TEST_F(Async, AGroupMayGoBeforeItsTasks) {
    auto group = std::make_unique<TaskGroup>(context.get_executor());
    AsyncEvent go_on{context.get_executor()};
    const auto wait = [&]() -> asio::awaitable<void> { co_await go_on.wait(); };
    group->spawn(wait(), ended);
    settle();
    group.reset();
    go_on.notify_all();
    settle();
    EXPECT_EQ(told.size(), 1U);
}

TEST_F(Async, ACancellationEndsWhatWaitsAndAllThatComesAfter) {
    CancellationSource source;
    int ends = 0;
    {
        const CancellationRegistration one{source, [&] { ++ends; }};
        source.cancel();
        EXPECT_EQ(ends, 1);
    }
    source.cancel();
    EXPECT_EQ(ends, 1) << "who has gone is not told";
    EXPECT_TRUE(source.cancelled());
}

TEST(TokenBucketTest, LetsABurstPassAndThenSoManyASecond) {
    const std::chrono::steady_clock::time_point now{};
    TokenBucket<std::chrono::steady_clock::time_point> bucket{3, 2, now};
    for (int i = 0; i < 3; ++i) EXPECT_EQ(bucket.take(now).count(), 0);
    EXPECT_EQ(bucket.take(now).count(), 500);
    EXPECT_EQ(bucket.take(now).count(), 1000);
    EXPECT_EQ(bucket.take(now - 1h).count(), 1500) << "a time that goes back counts as none";
}

TEST_F(Async, WhatIsAskedAsideIsKeptForOthersOrGivenToOne) {
    AskedAside<std::string> aside{context.get_executor(), 5s};
    std::optional<std::string> given;
    const auto ask = [&]() -> asio::awaitable<void> {
        std::function<std::string()> question = [] { return std::string{"answer"}; };
        given = co_await aside.answer_to(std::move(question));
    };
    tasks.spawn(ask(), ended);
    context.run();
    EXPECT_EQ(given, "answer");
    EXPECT_FALSE(aside.known()) << "a secret, say, is not kept";
}

TEST_F(Async, WhatIsThrownAsideReachesWhoAskedAndEndsNothingElse) {
    AskedAside<int> aside{context.get_executor(), 5s};
    std::optional<int> given;
    const auto ask = [&](bool throws) -> asio::awaitable<void> {
        std::function<int()> question = [throws] { return throws ? throw std::runtime_error{"no memory"} : 7; };
        given = co_await aside.answer_to(std::move(question));
    };
    tasks.spawn(ask(true), ended);
    context.run();
    EXPECT_EQ(told, std::vector<std::string>{"ended:no memory"});
    context.restart();
    tasks.spawn(ask(false), ended);
    context.run();
    EXPECT_EQ(given, 7) << "the next question is another one";
}

TEST_F(Async, WhatHangsAsideIsGivenUpAndNotAskedAgainMeanwhile) {
    AskedAside<int> aside{context.get_executor(), 30ms};
    std::promise<void> gate;
    std::shared_future<void> opened = gate.get_future().share();
    int asked = 0;
    std::optional<int> first, second;
    const auto ask = [&]() -> asio::awaitable<void> {
        std::function<int()> question = [opened, &asked] {
            ++asked;
            opened.wait();
            return 1;
        };
        first = co_await aside.answer_to(question);
        second = co_await aside.answer_to(std::move(question));
    };
    tasks.spawn(ask(), ended);
    context.run_for(2s);
    EXPECT_EQ(told.size(), 1U);
    EXPECT_FALSE(first || second);
    EXPECT_EQ(asked, 1) << "threads that hang do not pile up";
    gate.set_value();
    context.restart();
    while (aside.asking()) context.run_for(5ms), context.restart();
}

TEST_F(Async, AWorkerThatIsGivenUpAnswersNobodyAnyMore) {
    Worker worker{context.get_executor(), 60s};
    std::promise<void> gate;
    std::shared_future<void> opened = gate.get_future().share();
    int answered = 0, unanswered = 0;
    const auto ask = [&]() -> asio::awaitable<void> {
        std::function<int()> job = [opened] {
            opened.wait();
            return 1;
        };
        const auto result = co_await worker.ask(std::move(job));
        ++(result ? answered : unanswered);
    };
    tasks.spawn(ask(), ended);
    tasks.spawn(ask(), ended);
    settle();
    worker.give_up();
    settle();
    EXPECT_EQ(unanswered, 2);
    tasks.spawn(ask(), ended);
    settle();
    EXPECT_EQ(unanswered, 3) << "nor those who come later";
    gate.set_value();
}

}  // namespace
}  // namespace samsynk
