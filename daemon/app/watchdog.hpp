// Feeds the systemd watchdog while the agent makes progress.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <functional>

#include "agent/commands.hpp"
#include "app/pulse.hpp"
#include "telemetry/event_bus.hpp"

namespace samsynk::app {

class Watchdog {
public:
    /// `rest`: the longest time between two runs, as configured at the moment.
    Watchdog(boost::asio::any_io_executor executor, const agent::Commands& agent, const telemetry::EventBus& bus,
             std::function<std::chrono::milliseconds()> rest)
        : timer_{executor}, agent_{agent}, bus_{bus}, rest_{std::move(rest)} {}
    void start();  ///< where systemd asks for it
    void stop();

private:
    void look();

    boost::asio::steady_timer timer_;
    const agent::Commands& agent_;
    const telemetry::EventBus& bus_;
    std::function<std::chrono::milliseconds()> rest_;
    Pulse pulse_;
    std::chrono::microseconds period_{0};
    bool stopped_ = false;
};

}  // namespace samsynk::app
