#include "app/system_clock.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace samsynk::app {

Time SystemClock::now() const { return wall_clock(); }

boost::asio::awaitable<void> SystemClock::sleep(std::chrono::milliseconds time) {
    boost::system::error_code ignored;
    const auto sleeper = sleepers_.emplace(sleepers_.end(), executor_, time);
    co_await sleeper->async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
    sleepers_.erase(sleeper);
}

}  // namespace samsynk::app
