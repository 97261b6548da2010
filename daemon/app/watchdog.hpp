// Feeds the systemd watchdog while the agent makes progress.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <functional>

#include "agent/commands.hpp"
#include "app/pulse.hpp"
#include "app/supervisor.hpp"
#include "telemetry/event_bus.hpp"

namespace samsynk::app {

class Watchdog {
public:
    /// As configured at the moment.
    struct Patience {
        std::chrono::milliseconds rest;  ///< the longest time between two runs
        std::chrono::milliseconds step;  ///< see Pulse::Seen
    };
    Watchdog(boost::asio::any_io_executor executor, Supervisor& supervisor, const agent::Commands& agent,
             const telemetry::EventBus& bus, std::function<Patience()> patience)
        : timer_{executor}, supervisor_{supervisor}, agent_{agent}, bus_{bus}, patience_{std::move(patience)} {}
    void start();  ///< where systemd asks for it
    void stop();

private:
    void look();

    boost::asio::steady_timer timer_;
    Supervisor& supervisor_;
    const agent::Commands& agent_;
    const telemetry::EventBus& bus_;
    std::function<Patience()> patience_;
    Pulse pulse_;
    std::chrono::microseconds period_{0};
    bool stopped_ = false;
};

}  // namespace samsynk::app
