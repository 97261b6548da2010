// The one place that every event passes: it is numbered, logged, and kept for those who read the event stream.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "core/event.hpp"
#include "telemetry/log_sink.hpp"

namespace samsynk::telemetry {

/// Used on one thread, that of its executor. Nobody ever waits for a slow reader.
class EventBus : public EventSink {
public:
    static constexpr std::size_t kept = 600;  ///< more than one batch of changes makes
    static constexpr std::chrono::milliseconds forever = std::chrono::hours{24 * 365};
    using Now = std::function<Time()>;

    /// Without a log only the stream is served. `now` fills in the time of events that have none.
    explicit EventBus(boost::asio::any_io_executor executor, std::unique_ptr<LogSink> log = {}, Now now = {});
    ~EventBus() override;

    /// What is a secret now is hidden in it, for the log and for readers.
    void publish(Event event) override;

    /// Every kept event after number `after`, oldest first; waits until there is one. Empty: the bus was closed (or the
    /// wait cancelled), or none came in that time. Begins with an `events.dropped` where some that came after `after`
    /// are no longer kept, or where `after` is of a daemon that ran before this one
    /// (a number that was not given yet).
    boost::asio::awaitable<std::vector<Event>> next(std::uint64_t after, std::chrono::milliseconds at_most = forever);

    /// The number of the newest event; 0 before the first. For readers that want what comes from now on.
    std::uint64_t last() const;

    /// Of this daemon, by chance: with each the numbers begin anew.
    const std::string& life() const;

    /// Wakes all readers; from now on `next` waits no longer. Events are still logged.
    void close();
    bool closed() const;

    /// Replaces the log, as at a reload.
    void log_to(std::unique_ptr<LogSink> log);
    void log_from(Level minimum);  ///< until the log is replaced
    void reopen_log();

private:
    struct Shared;
    std::shared_ptr<Shared> shared_;  ///< readers may outlive the bus
    std::unique_ptr<LogSink> log_;
    Now now_;
};

}  // namespace samsynk::telemetry
