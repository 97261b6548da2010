// What bridges left behind is ended and reaped, also where it goes on doing what it did.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <chrono>

namespace samsynk::app {

class Orphans {
public:
    explicit Orphans(boost::asio::any_io_executor executor) : timer_{executor} {}
    void look();  ///< now, and again and again
    void stop();

private:
    static constexpr std::chrono::seconds rest{10};  ///< where there was nothing
    static constexpr std::chrono::milliseconds soon{200};

    boost::asio::steady_timer timer_;
    bool stopped_ = false;
};

}  // namespace samsynk::app
