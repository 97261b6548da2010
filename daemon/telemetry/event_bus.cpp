#include "telemetry/event_bus.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <deque>
#include <set>

#include "telemetry/clean_text.hpp"

namespace samsynk::telemetry {

namespace asio = boost::asio;

struct EventBus::Shared {
    explicit Shared(asio::any_io_executor of_bus) : executor{std::move(of_bus)} {}

    void wake_all() {
        for (asio::steady_timer* timer : waiting) timer->cancel();
    }

    std::uint64_t oldest() const { return last - ring.size() + 1; }

    std::vector<Event> since(std::uint64_t after) const {
        std::vector<Event> events;
        const bool of_another_life = after > last;
        if (of_another_life) after = 0;
        if (of_another_life || after + 1 < oldest()) events.push_back(dropped(after));
        const std::uint64_t skip = after + 1 > oldest() ? after + 1 - oldest() : 0;
        events.insert(events.end(), ring.begin() + static_cast<std::ptrdiff_t>(skip), ring.end());
        return events;
    }

    Event dropped(std::uint64_t after) const {
        Event event;
        event.name = "events.dropped";
        event.level = Level::notice;
        event.fields = {{"count", std::to_string(oldest() - 1 - after)}};
        event.message = {N_("{count} events were left out: they are no longer kept."), event.fields};
        event.at = ring.front().at;
        event.sequence = oldest() - 1;
        return event;
    }

    std::deque<Event> ring;  ///< numbers without a gap, the newest is `last`
    std::uint64_t last = 0;
    bool closed = false;
    asio::any_io_executor executor;
    std::set<asio::steady_timer*> waiting;  ///< one of each who waits
};

EventBus::EventBus(asio::any_io_executor executor, std::unique_ptr<LogSink> log, Now now)
    : shared_{std::make_shared<Shared>(std::move(executor))}, log_{std::move(log)}, now_{std::move(now)} {
    if (!now_) now_ = [] { return wall_clock(); };
}

EventBus::~EventBus() { close(); }

void EventBus::publish(Event event) {
    event.sequence = ++shared_->last;
    hide_secrets(event);
    if (event.at == Time{}) event.at = now_();
    if (log_ && event.name != "run.progress") log_->write(event);
    shared_->ring.push_back(std::move(event));
    if (shared_->ring.size() > kept) shared_->ring.pop_front();
    shared_->wake_all();
}

struct EventBus::Wait {
    Wait(std::shared_ptr<Shared> of, std::chrono::milliseconds at_most)
        : shared{std::move(of)}, timer{shared->executor, at_most} {
        shared->waiting.insert(&timer);
    }
    ~Wait() { shared->waiting.erase(&timer); }
    Wait(const Wait&) = delete;
    Wait& operator=(const Wait&) = delete;

    std::shared_ptr<Shared> shared;
    asio::steady_timer timer;
};

asio::awaitable<std::vector<Event>> EventBus::next(std::uint64_t after, std::chrono::milliseconds at_most) {
    Wait wait{shared_, at_most};
    const auto& shared = wait.shared;
    const auto cancellation = co_await asio::this_coro::cancellation_state;
    while (!shared->closed && cancellation.cancelled() == asio::cancellation_type::none) {
        if (shared->last > 0 && shared->last != after) co_return shared->since(after);
        if (wait.timer.expiry() <= asio::steady_timer::clock_type::now()) break;
        co_await wait.timer.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    co_return std::vector<Event>{};
}

std::uint64_t EventBus::last() const { return shared_->last; }

bool EventBus::closed() const { return shared_->closed; }

void EventBus::close() {
    shared_->closed = true;
    shared_->wake_all();
}

void EventBus::log_from(Level minimum) {
    if (log_) log_->set_minimum(minimum);
}

void EventBus::reopen_log() {
    if (log_) log_->reopen();
}

void EventBus::log_to(std::unique_ptr<LogSink> log) { log_ = std::move(log); }

}  // namespace samsynk::telemetry
