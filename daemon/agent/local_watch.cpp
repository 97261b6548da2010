#include "agent/local_watch.hpp"

#include "async/token_bucket.hpp"

namespace samsynk::agent {
namespace {

constexpr double burst = 200;
constexpr double runs_a_second = 10;
constexpr std::chrono::seconds rest_after_fault{10};

}  // namespace

LocalWatch::LocalWatch(boost::asio::any_io_executor executor, NewsDesk& desk, Clock& clock, EventSink& events)
    : desk_{desk}, clock_{clock}, events_{events}, listeners_{executor} {}

boost::asio::awaitable<void> LocalWatch::serve() {
    while (!desk_.stopping()) {
        const std::shared_ptr<Sides> sides = desk_.sides();
        if (sides->policy.push)
            for (const auto& local : sides->locals) listen(sides, *local, false);
        while (is_served(sides)) co_await desk_.turn();
        for (const auto& local : sides->locals) local->stop_watching();
        co_await listeners_.join();
    }
}

// Whatever ends it before its time, it is begun anew.
void LocalWatch::listen(std::shared_ptr<Sides> sides, LocalSide& local, bool after_a_while) {
    listeners_.spawn(follow(sides, local, after_a_while), [this, sides, &local](const std::exception_ptr& thrown) {
        if (!thrown) return;
        events_.publish(fault("listening to the installation " + local.name(), what_of(thrown)));
        if (is_served(sides)) listen(sides, local, true);
    });
}

boost::asio::awaitable<void> LocalWatch::follow(std::shared_ptr<Sides> sides, LocalSide& local, bool after_a_while) {
    if (after_a_while && !co_await desk_.rest(clock_, sides, rest_after_fault)) co_return;
    TokenBucket<Time> pace{burst, runs_a_second, clock_.now()};
    while (is_served(sides)) {
        auto news = co_await local.news();
        if (!is_served(sides) || news.has_error()) co_return;
        if (news->trouble) cannot_listen(local, *news->trouble);
        News told;
        if (news->everything)
            told.scope.installations.insert(local.name());
        else
            for (std::string& place : news->places) told.scope.places.insert({local.name(), std::move(place)});
        if (!news->everything && told.scope.places.empty()) continue;
        if (!co_await online_is_well(sides)) co_return;
        (void)co_await desk_.carry(std::move(told));
        if (const auto wait = pace.take(clock_.now()); wait.count() > 0)
            if (!co_await desk_.rest(clock_, sides, wait)) co_return;
    }
}

// While the online side is away the runs try it in their own time, and find what changed here; and while it asked to be
// let alone, what goes by itself waits. False where these sides are no longer served.
boost::asio::awaitable<bool> LocalWatch::online_is_well(std::shared_ptr<Sides> sides) {
    if (!desk_.online_well()) desk_.hurry();
    while (is_served(sides)) {
        const std::chrono::milliseconds asked = sides->online->still_to_wait();
        if (desk_.online_well() && asked.count() <= 0) co_return true;
        if (!desk_.online_well())
            co_await desk_.turn();
        else
            (void)co_await desk_.rest(clock_, sides, asked);
    }
    co_return false;
}

void LocalWatch::cannot_listen(const LocalSide& local, const Error& why) {
    Event event{.name = "installation.watch_limited",
                .level = Level::warning,
                .message = why.message,
                .company = {},
                .run = {},
                .fields = {{"installation", local.name()}},
                .code = why.code};
    events_.publish(std::move(event));
}

}  // namespace samsynk::agent
