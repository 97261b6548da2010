// Feeds the systemd watchdog while the agent makes progress, and keeps `systemctl status` informed.
#pragma once

#include <boost/asio/steady_timer.hpp>

#include "agent/commands.hpp"
#include "telemetry/event_bus.hpp"

namespace samsynk::app {

/// Idle is well; a run under way must have published something since the last look.
class Watchdog {
public:
    Watchdog(boost::asio::any_io_executor executor, const agent::Commands& agent, const telemetry::EventBus& bus)
        : timer_{executor}, agent_{agent}, bus_{bus} {}
    void start();
    void stop();

private:
    void look();

    boost::asio::steady_timer timer_;
    const agent::Commands& agent_;
    const telemetry::EventBus& bus_;
    std::chrono::microseconds period_{0};
    std::uint64_t seen_ = 0;
    bool stopped_ = false;
};

}  // namespace samsynk::app
