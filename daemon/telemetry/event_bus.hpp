// Passes each event on: to the log, and to those who watch over the control socket.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "core/event.hpp"

namespace samsynk::telemetry {

/// Used from the io_context's thread only. Keeps the last `capacity` events for those who watch.
class EventBus : public EventSink {
public:
    static constexpr std::size_t capacity = 1000;

    EventBus(boost::asio::any_io_executor executor, std::unique_ptr<EventSink> log);

    void publish(Event event) override;
    /// The events after `after`, at least one; waits for it. One named `events.dropped` comes first for a reader that
    /// fell behind. Empty once the bus is closed.
    boost::asio::awaitable<std::vector<Event>> next(std::uint64_t after);
    std::uint64_t last() const { return sequence_; }
    void close();
    void replace_log(std::unique_ptr<EventSink> log) { log_ = std::move(log); }

private:
    std::unique_ptr<EventSink> log_;
    std::deque<Event> recent_;
    std::uint64_t sequence_ = 0;
    boost::asio::steady_timer news_;
    bool closed_ = false;
};

}  // namespace samsynk::telemetry
