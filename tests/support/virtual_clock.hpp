// A clock that stands still until the test moves it.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <list>
#include <random>

#include "agent/ports.hpp"
#include "support/gate.hpp"

namespace samsynk::support {

class VirtualClock : public agent::Clock {
public:
    /// `error`: how far this machine's idea of the time is off.
    VirtualClock(boost::asio::any_io_executor executor, Time& now, const std::chrono::milliseconds& error,
                 std::uint64_t seed)
        : executor_{executor}, now_{now}, error_{error}, random_{seed} {}

    Time now() const override { return now_ + error_; }

    boost::asio::awaitable<void> sleep(std::chrono::milliseconds time) override { return sleep(time, nullptr); }

    /// Ends early where the bell is rung, too.
    boost::asio::awaitable<void> sleep(std::chrono::milliseconds time, Bell* bell) {
        const auto sleeper = sleepers_.insert(
            sleepers_.end(),
            Sleeper{now_ + time, boost::asio::steady_timer{executor_, boost::asio::steady_timer::time_point::max()}});
        if (bell) bell->ring = [sleeper] { sleeper->timer.cancel(); };
        boost::system::error_code ignored;
        co_await sleeper->timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
        if (bell) bell->ring = nullptr;
        sleepers_.erase(sleeper);
    }

    void wake() override {
        for (Sleeper& sleeper : sleepers_) sleeper.timer.cancel();
    }

    double random() override { return std::uniform_real_distribution<double>{0, 1}(random_); }

    /// When the next sleeper wakes; nothing where none sleeps.
    std::optional<Time> next() const {
        std::optional<Time> first;
        for (const Sleeper& sleeper : sleepers_)
            if (!first || sleeper.until < *first) first = sleeper.until;
        return first;
    }

    /// Moves to when the next sleeper wakes; false where none sleeps.
    bool advance() {
        Sleeper* next = nullptr;
        for (Sleeper& sleeper : sleepers_)
            if (!next || sleeper.until < next->until) next = &sleeper;
        if (!next) return false;
        now_ = std::max(now_, next->until);
        next->timer.cancel();
        return true;
    }

private:
    struct Sleeper {
        Time until;
        boost::asio::steady_timer timer;
    };
    boost::asio::any_io_executor executor_;
    Time& now_;
    const std::chrono::milliseconds& error_;
    std::mt19937_64 random_;
    std::list<Sleeper> sleepers_;
};

}  // namespace samsynk::support
