#include "async/worker.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <future>
#include <thread>

namespace samsynk::installations {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;

template <class T>
std::optional<T> ask(asio::io_context& context, Worker& worker, std::function<T()> job) {
    std::optional<T> answer;
    bool done = false;
    asio::co_spawn(
        context,
        [&]() -> asio::awaitable<void> {
            answer = co_await worker.ask(std::move(job));
            done = true;
        },
        asio::detached);
    context.restart();
    while (!done) context.run_one();
    return answer;
}

TEST(Worker, GivesWhatTheJobGivesOnAThreadOfItsOwn) {
    asio::io_context context;
    Worker worker{context.get_executor(), milliseconds{5000}};
    const auto here = std::this_thread::get_id();
    const std::function<bool()> elsewhere = [here] { return std::this_thread::get_id() != here; };
    EXPECT_EQ(ask(context, worker, elsewhere), true);
}

TEST(Worker, WhatHangsIsGivenUpAndDoesNotHoldUpTheNext) {
    asio::io_context context;
    Worker worker{context.get_executor(), milliseconds{500}};
    const auto held = std::make_shared<std::promise<void>>();
    const std::function<int()> hangs = [held] {
        held->get_future().wait();
        return 1;
    };
    const std::function<int()> two = [] { return 2; };
    EXPECT_EQ(ask(context, worker, hangs), std::nullopt);
    const auto began = std::chrono::steady_clock::now();
    EXPECT_EQ(ask(context, worker, two), std::nullopt) << "it would have to wait behind what hangs";
    EXPECT_LT(std::chrono::steady_clock::now() - began, milliseconds{400}) << "and is told so at once";
    held->set_value();
    std::optional<int> answer;
    for (int i = 0; i < 200 && !answer; ++i) {
        std::this_thread::sleep_for(milliseconds{10});
        context.restart();
        context.poll();
        answer = ask(context, worker, two);
    }
    EXPECT_EQ(answer, 2) << "it is well again";
}

TEST(Worker, CanBeLeftWhileAJobHangs) {
    const auto held = std::make_shared<std::promise<void>>();
    const auto ended = std::make_shared<std::promise<void>>();
    const auto began = std::chrono::steady_clock::now();
    {
        asio::io_context context;
        Worker worker{context.get_executor(), milliseconds{20}};
        const std::function<int()> hangs = [held, ended] {
            held->get_future().wait();
            ended->set_value();
            return 1;
        };
        EXPECT_EQ(ask(context, worker, hangs), std::nullopt);
    }
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds{5});
    // It ends when nobody is there any more, not even the context that it would come back to.
    held->set_value();
    ended->get_future().wait();
    std::this_thread::sleep_for(milliseconds{50});
}

}  // namespace
}  // namespace samsynk::installations
