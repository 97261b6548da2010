#include "async/event.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <list>

namespace samsynk {

using boost::asio::steady_timer;

struct AsyncEvent::Waiters {
    explicit Waiters(boost::asio::any_io_executor of_event) : executor{std::move(of_event)} {}

    void wake_all() {
        for (steady_timer& timer : timers) timer.cancel();
    }

    boost::asio::any_io_executor executor;
    std::list<steady_timer> timers;  ///< one of each who waits
};

namespace {

// For as long as one waits, also where their coroutine is destroyed meanwhile.
template <class Waiters>
class Place {
public:
    Place(std::shared_ptr<Waiters> of, steady_timer::time_point at_latest)
        : waiters_{std::move(of)},
          at_{waiters_->timers.emplace(waiters_->timers.end(), waiters_->executor, at_latest)} {}
    ~Place() { waiters_->timers.erase(at_); }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    steady_timer& timer() { return *at_; }

private:
    std::shared_ptr<Waiters> waiters_;
    std::list<steady_timer>::iterator at_;
};

}  // namespace

AsyncEvent::AsyncEvent(boost::asio::any_io_executor executor)
    : waiters_{std::make_shared<Waiters>(std::move(executor))} {}
AsyncEvent::~AsyncEvent() { waiters_->wake_all(); }

void AsyncEvent::notify_all() { waiters_->wake_all(); }

boost::asio::awaitable<void> AsyncEvent::wait() { return wait_until(steady_timer::time_point::max()); }

boost::asio::awaitable<void> AsyncEvent::wait_for(std::chrono::milliseconds most) {
    return wait_until(steady_timer::clock_type::now() + most);
}

boost::asio::awaitable<void> AsyncEvent::wait_until(std::chrono::steady_clock::time_point at_latest) {
    Place<Waiters> place{waiters_, at_latest};
    boost::system::error_code woken;
    co_await place.timer().async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
}

}  // namespace samsynk
