// Waits for a time, or until it rings.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>

namespace samsynk::installations {

class Bell {
public:
    explicit Bell(boost::asio::any_io_executor executor) : timer_{executor} {}

    /// One at a time. `milliseconds::max()`: until it rings.
    boost::asio::awaitable<void> wait(std::chrono::milliseconds time) {
        if (time == std::chrono::milliseconds::max())
            timer_.expires_at(boost::asio::steady_timer::time_point::max());
        else
            timer_.expires_after(time);
        boost::system::error_code ignored;
        co_await timer_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
    }
    void ring() { timer_.cancel(); }

private:
    boost::asio::steady_timer timer_;
};

}  // namespace samsynk::installations
