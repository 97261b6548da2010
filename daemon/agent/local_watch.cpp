#include "agent/local_watch.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "core/pace.hpp"

namespace samsynk::agent {
namespace {

constexpr double burst = 200;
constexpr double runs_a_second = 10;

}  // namespace

LocalWatch::LocalWatch(boost::asio::any_io_executor executor, NewsDesk& desk, Clock& clock, EventSink& events)
    : executor_{executor},
      desk_{desk},
      clock_{clock},
      events_{events},
      ended_{executor, boost::asio::steady_timer::time_point::max()} {}

boost::asio::awaitable<void> LocalWatch::serve() {
    while (!desk_.stopping()) {
        const std::shared_ptr<Sides> sides = desk_.sides();
        if (sides->policy.push)
            for (const auto& local : sides->locals) {
                ++listening_;
                boost::asio::co_spawn(executor_, listen(this, sides, local.get()), boost::asio::detached);
            }
        while (!desk_.stopping() && desk_.sides() == sides) co_await desk_.turn();
        for (const auto& local : sides->locals) local->stop_watching();
        boost::system::error_code ignored;
        while (listening_ > 0)
            co_await ended_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
    }
}

boost::asio::awaitable<void> LocalWatch::listen(LocalWatch* watch, std::shared_ptr<Sides> sides, LocalSide* local) {
    co_await watch->follow(sides, *local);
    --watch->listening_;
    watch->ended_.cancel();
}

boost::asio::awaitable<void> LocalWatch::follow(std::shared_ptr<Sides> sides, LocalSide& local) {
    Pace<Time> pace{burst, runs_a_second, clock_.now()};
    const auto going_on = [&] { return !desk_.stopping() && desk_.sides() == sides; };
    while (going_on()) {
        auto news = co_await local.news();
        if (!going_on()) co_return;
        if (news.has_error()) co_return;
        if (news->trouble) cannot_listen(local, *news->trouble);
        News told;
        if (!news->everything)
            for (std::string& place : news->places) told.places.push_back({local.name(), std::move(place)});
        if (!news->everything && told.places.empty()) continue;
        // While the online side is away the runs try it in their own time, and find what changed here.
        while (going_on() && !desk_.online_well()) co_await desk_.turn();
        if (!going_on()) co_return;
        (void)co_await desk_.carry(std::move(told));
        if (const auto wait = pace.take(clock_.now()); wait.count() > 0) co_await clock_.sleep(wait);
    }
}

void LocalWatch::cannot_listen(const LocalSide& local, const Error& why) {
    Event event{.name = "installation.unwatched",
                .level = Level::warning,
                .message = why.message,
                .company = {},
                .run = {},
                .fields = {{"installation", local.name()}},
                .code = why.code};
    events_.publish(std::move(event));
}

}  // namespace samsynk::agent
