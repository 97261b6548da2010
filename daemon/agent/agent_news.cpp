// What the agent does for those who listen for changes between the runs. See feed.hpp and local_watch.hpp.
#include "agent/agent.hpp"
#include "core/ids.hpp"

namespace samsynk::agent {

// What ends one of them for good ends the daemon, which is started anew.
void Agent::listen(boost::asio::awaitable<void> listener) {
    listeners_.spawn(std::move(listener), [this](const std::exception_ptr& thrown) {
        turned_.notify_all();
        if (thrown) std::rethrow_exception(thrown);
    });
}

boost::asio::awaitable<void> Agent::until_nobody_listens() {
    turned_.notify_all();
    co_await listeners_.join();
}

bool Agent::online_well() const {
    return failures_ == 0 && status_->last_completed.has_value() && !ledger_->memory().cursor.empty();
}

boost::asio::awaitable<void> Agent::turn() { co_await turned_.wait(); }

boost::asio::awaitable<bool> NewsDesk::rest(Clock& clock, std::shared_ptr<Sides> served,
                                            std::chrono::milliseconds time) {
    const Time until = clock.now() + time;
    while (!stopping() && sides() == served) {
        const auto left = until - clock.now();
        if (left.count() <= 0 || left > time) co_return true;  // the clock was set back: long enough
        co_await clock.sleep(left);
    }
    co_return false;
}

void Agent::publish_feed(FeedStatus feed) {
    auto status = std::make_shared<Status>(*status_);
    status->feed = std::move(feed);
    status_ = std::move(status);
}

boost::asio::awaitable<std::shared_ptr<const RunResult>> Agent::carry(News news) {
    const std::string run = request_news(std::move(news));
    auto ended = co_await result(run);
    co_return ended.has_value() ? std::move(*ended) : nullptr;
}

// What waits to begin takes in what is told meanwhile.
std::string Agent::request_news(News news) {
    for (Waiting& waiting : queue_) {
        if (waiting.request.dry_run) continue;
        if (waiting.request.scope.all) return waiting.id;
        if (waiting.request.trigger != Trigger::change) continue;
        waiting.request.scope.add(std::move(news.scope));
        if (news.page) {
            waiting.page = std::move(news.page);
            waiting.page_after = std::move(news.page_after);
        }
        return waiting.id;
    }
    SyncRequest request{.scope = std::move(news.scope), .dry_run = false, .trigger = Trigger::change};
    queue_.push_back({"r-" + new_uuid(), std::move(request), std::move(news.page), std::move(news.page_after)});
    clock_.wake();
    return queue_.back().id;
}

}  // namespace samsynk::agent
