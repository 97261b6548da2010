#include "telemetry/event_bus.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace samsynk::telemetry {

EventBus::EventBus(boost::asio::any_io_executor executor, std::unique_ptr<EventSink> log)
    : log_{std::move(log)}, news_{executor, boost::asio::steady_timer::time_point::max()} {}

void EventBus::publish(Event event) {
    event.sequence = ++sequence_;
    if (event.at == Time{}) event.at = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    if (event.name != "run.progress") log_->publish(event);
    recent_.push_back(std::move(event));
    if (recent_.size() > capacity) recent_.pop_front();
    news_.cancel();
}

boost::asio::awaitable<std::vector<Event>> EventBus::next(std::uint64_t after) {
    while (!closed_ && after >= sequence_) {
        boost::system::error_code ignored;
        co_await news_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
    }
    std::vector<Event> events;
    if (closed_) co_return events;
    if (!recent_.empty() && recent_.front().sequence > after + 1)
        events.push_back(Event{.name = "events.dropped",
                               .level = Level::warning,
                               .message = {N_("Some events were not read in time and are left out."), {}},
                               .company = {},
                               .run = {},
                               .fields = {},
                               .code = {},
                               .at = recent_.front().at,
                               .sequence = recent_.front().sequence - 1});
    for (const Event& event : recent_)
        if (event.sequence > after) events.push_back(event);
    co_return events;
}

void EventBus::close() {
    closed_ = true;
    news_.cancel();
}

}  // namespace samsynk::telemetry
