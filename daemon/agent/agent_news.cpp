// What the agent does for those who listen for changes between the runs. See feed.hpp and local_watch.hpp.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "agent/agent.hpp"
#include "core/ids.hpp"

namespace samsynk::agent {

template <class Listener>
void Agent::listen(Listener& listener) {
    ++listeners_;
    boost::asio::co_spawn(executor_, listener.serve(), [this](std::exception_ptr problem) {
        --listeners_;
        turned_.cancel();
        if (problem) std::rethrow_exception(problem);
    });
}
template void Agent::listen(Feed&);
template void Agent::listen(LocalWatch&);

boost::asio::awaitable<void> Agent::until_nobody_listens() {
    while (listeners_ > 0) {
        turned_.cancel();
        co_await turn();
    }
}

bool Agent::online_well() const {
    return failures_ == 0 && status_->last_success.has_value() && !ledger_->memory().cursor.empty();
}

boost::asio::awaitable<void> Agent::turn() {
    boost::system::error_code ignored;
    co_await turned_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
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
        const bool of_all = waiting.request.companies.empty() && !waiting.request.dry_run;
        if (!of_all) continue;
        if (!waiting.news.tells()) return waiting.id;
        if (!news.tells()) {
            waiting.news = {};
            return waiting.id;
        }
        auto& places = waiting.news.places;
        places.insert(places.end(), std::make_move_iterator(news.places.begin()),
                      std::make_move_iterator(news.places.end()));
        if (news.page) {
            waiting.news.page = std::move(news.page);
            waiting.news.page_after = std::move(news.page_after);
        }
        return waiting.id;
    }
    SyncRequest request{.companies = {}, .dry_run = false, .trigger = Trigger::change};
    queue_.push_back({"r-" + new_uuid(), std::move(request), std::move(news)});
    clock_.wake();
    return queue_.back().id;
}

}  // namespace samsynk::agent
