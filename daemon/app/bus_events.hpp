// The event bus, as the control socket reads from it.
#pragma once

#include "control/event_stream.hpp"
#include "telemetry/event_bus.hpp"

namespace samsynk::app {

class BusEvents : public control::EventStream {
public:
    explicit BusEvents(telemetry::EventBus& bus) : bus_{bus} {}
    boost::asio::awaitable<std::vector<Event>> next(std::uint64_t after, std::chrono::milliseconds at_most) override {
        co_return co_await bus_.next(after, at_most);
    }
    bool ended() const override { return bus_.closed(); }
    control::NewestEvent newest() const override { return {bus_.life(), bus_.last()}; }

private:
    telemetry::EventBus& bus_;
};

}  // namespace samsynk::app
