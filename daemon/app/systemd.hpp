// What goes between systemd and the daemon: the socket that it passes, what it is told (sd_notify(3)), and its
// watchdog, which is fed while the agent makes progress.
#pragma once

#include <boost/asio/local/datagram_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <deque>
#include <functional>
#include <optional>
#include <string>

#include "agent/commands.hpp"
#include "settings/settings.hpp"
#include "telemetry/event_bus.hpp"

namespace samsynk::app {

/// The listening control socket, where systemd made it (socket activation).
std::optional<int> passed_socket();

/// The state on one line: `12 companies: 9 in sync, 1 waiting, 2 need attention. Last success 14:05.` Times are local.
/// `sign_in` is its state, or empty.
std::string status_line(const agent::Status& status, const std::string& sign_in);

/// Does nothing where no NOTIFY_SOCKET was given. What finds no room is sent again until it does, but for the status.
/// libsystemd's own call waits where the supervisor does not read, and with it the whole loop; this one never does.
class SystemdNotifier {
public:
    explicit SystemdNotifier(boost::asio::any_io_executor executor);

    void notify_ready();
    void notify_reloading();  ///< to be followed by `notify_ready`
    void notify_stopping();
    void feed_watchdog();
    void show_status(const std::string& line);  ///< in `systemctl status`
    /// Gives up what could not be sent yet, so that the loop may end.
    void close();

private:
    void notify(std::string words);
    /// Whether it arrived, or never will.
    bool send(const std::string& words);
    void send_waiting();

    boost::asio::local::datagram_protocol::socket socket_;
    std::optional<boost::asio::local::datagram_protocol::endpoint> address_;
    boost::asio::steady_timer again_;
    std::deque<std::string> waiting_;
};

/// A run under way must get on from one look to the next, or in the time that one step of it may take; between runs,
/// the next one must begin in its time. That the event loop turns is not enough: it also turns beside a run that hangs.
class ProgressMonitor {
public:
    using Instant = std::chrono::steady_clock::time_point;

    struct Seen {
        bool running = false;        ///< a run is under way
        std::uint64_t progress = 0;  ///< events and the run's steps so far: another number with each
        bool overdue = false;        ///< the time of the next run has passed, by the wall clock
        /// The longest time between two runs; a wall clock may jump, so it is waited for.
        std::chrono::milliseconds rest{};
        std::chrono::milliseconds step{0};  ///< how long a run may show no progress; 0: from one look to the next
    };

    bool is_healthy(const Seen& seen, Instant now);

private:
    std::uint64_t progress_ = 0;
    Instant got_on_{};
    std::optional<Instant> overdue_since_;
};

/// How long one step of a run may take, by what is configured. 0 where no step is given more than two minutes: then the
/// watchdog's own time is enough.
std::chrono::milliseconds max_step_duration(const settings::Settings& settings);

class Watchdog {
public:
    /// As configured at the moment.
    struct Patience {
        std::chrono::milliseconds rest;  ///< the longest time between two runs
        std::chrono::milliseconds step;  ///< see ProgressMonitor::Seen
    };
    Watchdog(boost::asio::any_io_executor executor, SystemdNotifier& systemd, const agent::Commands& agent,
             const telemetry::EventBus& bus, std::function<Patience()> patience)
        : timer_{executor}, systemd_{systemd}, agent_{agent}, bus_{bus}, patience_{std::move(patience)} {}
    void start();  ///< where systemd asks for it
    void stop();

private:
    void look();

    boost::asio::steady_timer timer_;
    SystemdNotifier& systemd_;
    const agent::Commands& agent_;
    const telemetry::EventBus& bus_;
    std::function<Patience()> patience_;
    ProgressMonitor monitor_;
    std::chrono::microseconds period_{0};
    bool stopped_ = false;
};

}  // namespace samsynk::app
