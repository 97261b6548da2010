// Small implementations of what other rooms ask for: the machine's clock, the bus as the control socket reads it, and a
// store that keeps nothing.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <list>
#include <random>

#include "agent/ports.hpp"
#include "control/event_stream.hpp"
#include "telemetry/event_bus.hpp"

namespace samsynk::app {

class SystemClock : public agent::Clock {
public:
    explicit SystemClock(boost::asio::any_io_executor executor) : executor_{executor} {}
    Time now() const override { return wall_clock(); }
    boost::asio::awaitable<void> sleep(std::chrono::milliseconds time) override;
    void wake() override;
    double random() override { return std::uniform_real_distribution<double>{0, 1}(random_); }

private:
    boost::asio::any_io_executor executor_;
    std::list<boost::asio::steady_timer> sleepers_;
    std::mt19937 random_{std::random_device{}()};
};

class BusEvents : public control::EventStream {
public:
    explicit BusEvents(telemetry::EventBus& bus) : bus_{bus} {}
    boost::asio::awaitable<std::vector<Event>> next(std::uint64_t after, std::chrono::milliseconds at_most) override;
    bool ended() const override { return bus_.closed(); }
    control::NewestEvent newest() const override { return {bus_.life(), bus_.last()}; }

private:
    telemetry::EventBus& bus_;
};

/// For a dry run before the first real one, which must not even make the state folder.
class NullStore : public agent::Store {
public:
    agent::Async<sync::Memory> load() override;
    agent::Async<> commit(sync::Commit commit) override;
    agent::Async<std::vector<sync::Record>> records(std::vector<OrgNumber> companies) override;
    agent::Async<std::vector<sync::HistoryEntry>> history(sync::HistoryQuery query) override;
};

}  // namespace samsynk::app
