// Lets one coroutine pass after the other: two at once must not renew the same sign-in, say.
#pragma once

#include <boost/asio/this_coro.hpp>
#include <deque>
#include <memory>

#include "async/event.hpp"

namespace samsynk {

class AsyncMutex {
public:
    /// As long as it lives, nobody else passes.
    class Lock {
    public:
        explicit Lock(std::shared_ptr<AsyncMutex> of) : mutex_{std::move(of)} {}
        Lock(Lock&&) noexcept = default;
        Lock& operator=(Lock&&) = delete;
        ~Lock() {
            if (mutex_) mutex_->unlock();
        }

    private:
        std::shared_ptr<AsyncMutex> mutex_;
    };

    /// In the order of asking. All who ask are on one thread.
    static boost::asio::awaitable<Lock> lock(std::shared_ptr<AsyncMutex> mutex) {
        if (mutex->taken_) {
            const auto place = std::make_shared<Place>(co_await boost::asio::this_coro::executor);
            mutex->waiting_.push_back(place);
            while (!place->called) co_await place->event.wait();
        }
        mutex->taken_ = true;
        co_return Lock{std::move(mutex)};
    }

private:
    struct Place {
        explicit Place(boost::asio::any_io_executor executor) : event{std::move(executor)} {}
        AsyncEvent event;
        bool called = false;
    };

    // Stays taken while it is handed over, so that nobody slips in between.
    void unlock() {
        taken_ = !waiting_.empty();
        if (!taken_) return;
        waiting_.front()->called = true;
        waiting_.front()->event.notify_all();
        waiting_.pop_front();
    }

    std::deque<std::shared_ptr<Place>> waiting_;
    bool taken_ = false;
};

}  // namespace samsynk
