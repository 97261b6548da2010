// Coroutines that run on their own, with an owner that sees how each of them ends.
#pragma once

#include <exception>
#include <functional>
#include <string>

#include "async/event.hpp"

namespace samsynk {

/// Used from the thread of its executor. It may go before its tasks: they end by themselves.
class TaskGroup {
public:
    /// Told how a task ended: null, or what it threw. What it throws itself comes out of the loop.
    using Ended = std::function<void(std::exception_ptr thrown)>;

    explicit TaskGroup(boost::asio::any_io_executor executor);
    TaskGroup(const TaskGroup&) = delete;
    TaskGroup& operator=(const TaskGroup&) = delete;

    /// `task` must own, or share, all that it touches.
    void spawn(boost::asio::awaitable<void> task, Ended ended);
    std::size_t running() const;
    /// Returns when none runs any more.
    boost::asio::awaitable<void> join();

private:
    struct Tasks;
    boost::asio::any_io_executor executor_;
    std::shared_ptr<Tasks> tasks_;
};

/// What an exception says, for the log.
std::string what_of(const std::exception_ptr& thrown);

}  // namespace samsynk
