// A thread of its own for what may block for long: a share that hangs, a database that does not answer. Whoever waits
// for it waits for a time only, and what hangs is no one else's trouble.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>

namespace samsynk {

/// Used from the thread of `executor`. Jobs are done one after the other, in order.
class Worker {
public:
    Worker(boost::asio::any_io_executor executor, std::chrono::milliseconds patience)
        : executor_{executor}, patience_{patience} {}
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;
    ~Worker() {
        {
            const std::lock_guard alone{door_->lock};
            door_->open = false;  // what ends later must not come back: the caller's context may be gone by then
        }
        // What hangs in the kernel can't be waited for; it has all that it needs in its own hands.
        if (*overdue_ > 0) (void)thread_.release();  // NOLINT
    }

    /// What `job` gives; nothing where that takes longer than the patience, or one before it hangs still. The job may
    /// end later, so it must own, or share, all that it touches. It must not throw.
    template <class T>
    boost::asio::awaitable<std::optional<T>> ask(std::function<T()> job) {
        if (*overdue_ > 0 || given_up_) co_return std::nullopt;
        const auto call = std::make_shared<Call<T>>(executor_, patience_);
        const std::weak_ptr<Call<T>> caller = call;
        boost::asio::post(*thread_,
                          [caller, job = std::move(job), executor = executor_, overdue = overdue_, door = door_] {
                              auto result = std::make_shared<T>(job());
                              const std::lock_guard alone{door->lock};
                              if (!door->open) return;
                              boost::asio::post(executor, [caller, result, overdue] {
                                  const auto waiting = caller.lock();
                                  if (!waiting) {
                                      --*overdue;  // it was given up
                                      return;
                                  }
                                  waiting->result = std::move(*result);
                                  waiting->timer.cancel();
                              });
                          });
        boost::system::error_code ignored;
        waiting_.insert(&call->timer);
        co_await call->timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
        waiting_.erase(&call->timer);
        if (!call->result) ++*overdue_;
        co_return std::move(call->result);
    }
    bool hangs() const { return *overdue_ > 0; }
    /// Nobody waits any longer, nor from now on: all that is asked for gives nothing.
    void give_up() {
        given_up_ = true;
        for (boost::asio::steady_timer* timer : waiting_) timer->cancel();
    }

private:
    template <class T>
    struct Call {
        Call(boost::asio::any_io_executor executor, std::chrono::milliseconds patience) : timer{executor, patience} {}
        boost::asio::steady_timer timer;
        std::optional<T> result;
    };
    struct Door {
        std::mutex lock;
        bool open = true;
    };

    boost::asio::any_io_executor executor_;
    std::chrono::milliseconds patience_;
    std::shared_ptr<Door> door_ = std::make_shared<Door>();
    bool given_up_ = false;
    std::set<boost::asio::steady_timer*> waiting_;
    std::shared_ptr<int> overdue_ = std::make_shared<int>(0);
    std::unique_ptr<boost::asio::thread_pool> thread_ = std::make_unique<boost::asio::thread_pool>(1);
};

}  // namespace samsynk
