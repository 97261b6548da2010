// Holds the service's change feed open between the runs, so that an online change is carried over at once.
#pragma once

#include "agent/news.hpp"
#include "core/event.hpp"
#include "sync/held_feed.hpp"

namespace samsynk::agent {

class Feed {
public:
    Feed(NewsDesk& desk, Clock& clock, EventSink& events) : desk_{desk}, clock_{clock}, events_{events} {}

    /// Until the agent stops.
    boost::asio::awaitable<void> serve();

private:
    boost::asio::awaitable<void> ask(std::shared_ptr<Sides> sides);
    boost::asio::awaitable<void> take(Result<ChangePage> page, std::string after, Time asked,
                                      std::chrono::seconds wait);
    boost::asio::awaitable<void> look_why(Error error, std::chrono::milliseconds lasted);
    void cut(Error why, std::chrono::milliseconds lasted);
    void show(FeedState state, Reason reason = {});

    NewsDesk& desk_;
    Clock& clock_;
    EventSink& events_;
    sync::HeldFeed held_;
    std::shared_ptr<Sides> served_;  ///< whose feed `held_` has learned of
    FeedStatus shown_;
    Reason polls_why_;           ///< of the last time that it was given up to hold a request
    bool told_polling_ = false;  ///< and not yet that this is over
};

}  // namespace samsynk::agent
