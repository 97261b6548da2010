// Where the agent waits for something outside: the script of a test says what becomes of it there.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <functional>
#include <optional>
#include <string_view>

#include "core/error.hpp"

namespace samsynk::support {

enum class Fate {
    go_on,
    fail,           ///< nothing is done, and an error is told
    do_then_fail,   ///< it is done, and an error is told: the answer was lost
    crash,          ///< nothing is done, and the agent never hears of it
    do_then_crash,  ///< it is done, and the agent never hears of it
};
inline bool is_done(Fate fate) { return fate != Fate::fail && fate != Fate::crash; }
inline bool is_crash(Fate fate) { return fate == Fate::crash || fate == Fate::do_then_crash; }

class Script {
public:
    virtual ~Script() = default;
    /// Called at each await, with its name: `push`, `commit`, `write_preferences`, … People may act here, too.
    virtual Fate next(std::string_view) { return Fate::go_on; }
    /// Of `count` like things that are being done when the agent fails or crashes: how many get done.
    virtual std::size_t of(std::size_t count) { return count; }
    /// Asked after a `fail` or `do_then_fail`: the error that is told. Nothing: the one that is usual there.
    virtual std::optional<Error> trouble(std::string_view) { return std::nullopt; }
    /// How long the way there takes (by name), and the way back (`reply`).
    virtual std::chrono::milliseconds delay(std::string_view) { return std::chrono::milliseconds{0}; }
    /// How long the service asks to wait, after a call that failed.
    virtual std::chrono::seconds retry_after() { return std::chrono::seconds{0}; }
};

/// Wakes who sleeps on it; does nothing where nobody does.
struct Bell {
    std::function<void()> ring;
    void operator()() const {
        if (ring) ring();
    }
};

class Gate {
public:
    Gate(boost::asio::any_io_executor executor, Script& script) : executor_{executor}, script_{script} {}

    boost::asio::awaitable<Fate> pass(std::string_view what) {
        co_await boost::asio::post(executor_, boost::asio::use_awaitable);
        co_await wait(script_.delay(what));
        co_return script_.next(what);
    }
    /// Ends the coroutine there, for good, where the agent crashed.
    boost::asio::awaitable<void> settle(Fate fate) {
        if (!is_crash(fate)) {
            co_await wait(script_.delay("reply"));
            co_return;
        }
        crashed_ = true;
        boost::asio::steady_timer never{executor_, boost::asio::steady_timer::time_point::max()};
        co_await never.async_wait(boost::asio::use_awaitable);
    }
    bool crashed() const { return crashed_; }
    std::size_t of(std::size_t count) { return script_.of(count); }
    Error trouble(std::string_view what, Error usual) { return script_.trouble(what).value_or(std::move(usual)); }
    std::chrono::seconds retry_after() { return script_.retry_after(); }
    /// How time passes; without it nothing takes any.
    std::function<boost::asio::awaitable<void>(std::chrono::milliseconds, Bell*)> sleep;

private:
    boost::asio::awaitable<void> wait(std::chrono::milliseconds time) {
        if (time.count() > 0 && sleep) co_await sleep(time, nullptr);
    }

    boost::asio::any_io_executor executor_;
    Script& script_;
    bool crashed_ = false;
};

}  // namespace samsynk::support
