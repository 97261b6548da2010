// The clock of a real machine.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <list>
#include <random>

#include "agent/ports.hpp"

namespace samsynk::app {

class SystemClock : public agent::Clock {
public:
    explicit SystemClock(boost::asio::any_io_executor executor) : executor_{executor} {}
    Time now() const override;
    boost::asio::awaitable<void> sleep(std::chrono::milliseconds time) override;
    void wake() override {
        for (boost::asio::steady_timer& sleeper : sleepers_) sleeper.cancel();
    }
    double random() override { return std::uniform_real_distribution<double>{0, 1}(random_); }

private:
    boost::asio::any_io_executor executor_;
    std::list<boost::asio::steady_timer> sleepers_;
    std::mt19937 random_{std::random_device{}()};
};

}  // namespace samsynk::app
