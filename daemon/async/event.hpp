// Something that coroutines wait for.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>

namespace samsynk {

/// Wakes all who wait at this moment, and keeps no memory of it: whoever waits looks, before and after, at what they
/// wait for. Used from one thread. Whoever still waits when it is destroyed is woken.
class AsyncEvent {
public:
    explicit AsyncEvent(boost::asio::any_io_executor executor);
    ~AsyncEvent();
    AsyncEvent(const AsyncEvent&) = delete;
    AsyncEvent& operator=(const AsyncEvent&) = delete;

    boost::asio::awaitable<void> wait();
    boost::asio::awaitable<void> wait_for(std::chrono::milliseconds most);
    boost::asio::awaitable<void> wait_until(std::chrono::steady_clock::time_point at_latest);
    void notify_all();

private:
    struct Waiters;
    std::shared_ptr<Waiters> waiters_;  ///< a wait may end after the event
};

}  // namespace samsynk
