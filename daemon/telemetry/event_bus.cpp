#include "telemetry/event_bus.hpp"

#include <boost/asio/this_coro.hpp>
#include <deque>

#include "async/event.hpp"
#include "core/ids.hpp"
#include "telemetry/log_lines.hpp"

namespace samsynk::telemetry {

namespace asio = boost::asio;

struct EventBus::Shared {
    explicit Shared(const asio::any_io_executor& executor) : told{executor} {}

    std::uint64_t oldest() const { return last - ring.size() + 1; }

    std::vector<Event> since(std::uint64_t after) const {
        std::vector<Event> events;
        const bool of_another_life = after > last;
        if (of_another_life) after = 0;
        if (of_another_life || after + 1 < oldest()) events.push_back(dropped(after, of_another_life));
        const std::uint64_t skip = after + 1 > oldest() ? after + 1 - oldest() : 0;
        events.insert(events.end(), ring.begin() + static_cast<std::ptrdiff_t>(skip), ring.end());
        return events;
    }

    Event dropped(std::uint64_t after, bool of_another_life) const {
        Event event;
        event.name = "events.dropped";
        event.level = Level::notice;
        event.fields = {{"count", std::to_string(oldest() - 1 - after)}, {"life", life}};
        event.message = {N_("{count} events were left out: they are no longer kept."), event.fields};
        if (of_another_life)
            event.message = {
                N_("samsynkd was started anew since then. What it told before that, and the {count} events "
                   "that are no longer kept, were left out."),
                event.fields};
        event.at = ring.front().at;
        event.sequence = oldest() - 1;
        event.life = life;
        return event;
    }

    std::deque<Event> ring;  ///< numbers without a gap, the newest is `last`
    std::uint64_t last = 0;
    std::string life = random_hex(4);
    bool closed = false;
    AsyncEvent told;
};

EventBus::EventBus(asio::any_io_executor executor, std::unique_ptr<LogSink> log, Now now)
    : shared_{std::make_shared<Shared>(executor)}, log_{std::move(log)}, now_{std::move(now)} {
    if (!now_) now_ = [] { return wall_clock(); };
}

EventBus::~EventBus() {
    close();
    if (log_) log_->finish();
}

void EventBus::publish(Event event) {
    event.sequence = ++shared_->last;
    event.life = shared_->life;
    hide_secrets(event);
    if (event.at == Time{}) event.at = now_();
    if (log_ && event.name != "run.progress") log_->write(event);
    shared_->ring.push_back(std::move(event));
    if (shared_->ring.size() > kept) shared_->ring.pop_front();
    shared_->told.notify_all();
}

asio::awaitable<std::vector<Event>> EventBus::next(std::uint64_t after, std::chrono::milliseconds at_most) {
    const auto shared = shared_;  // a reader may outlive the bus
    const auto until = std::chrono::steady_clock::now() + at_most;
    const auto cancellation = co_await asio::this_coro::cancellation_state;
    while (!shared->closed && cancellation.cancelled() == asio::cancellation_type::none) {
        if (shared->last > 0 && shared->last != after) co_return shared->since(after);
        if (until <= std::chrono::steady_clock::now()) break;
        co_await shared->told.wait_until(until);
    }
    co_return std::vector<Event>{};
}

const std::string& EventBus::life() const { return shared_->life; }

std::uint64_t EventBus::last() const { return shared_->last; }

bool EventBus::closed() const { return shared_->closed; }

void EventBus::close() {
    shared_->closed = true;
    shared_->told.notify_all();
}

void EventBus::log_from(Level minimum) {
    if (log_) log_->set_minimum(minimum);
}

void EventBus::reopen_log() {
    if (log_) log_->reopen();
}

void EventBus::log_to(std::unique_ptr<LogSink> log) { log_ = std::move(log); }

}  // namespace samsynk::telemetry
