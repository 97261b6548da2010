// Listens for what changes locally between the runs, so that a local choice is carried over at once.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "agent/news.hpp"
#include "core/event.hpp"

namespace samsynk::agent {

/// The first change goes out at once. What comes while its run goes on is gathered for the next one; and a program that
/// never stops changing is followed ten times a second at most.
class LocalWatch {
public:
    LocalWatch(boost::asio::any_io_executor executor, NewsDesk& desk, Clock& clock, EventSink& events);

    /// Until the agent stops.
    boost::asio::awaitable<void> serve();

private:
    static boost::asio::awaitable<void> listen(LocalWatch* watch, std::shared_ptr<Sides> sides, LocalSide* local);
    boost::asio::awaitable<void> follow(std::shared_ptr<Sides> sides, LocalSide& local);
    void cannot_listen(const LocalSide& local, const Error& why);

    boost::asio::any_io_executor executor_;
    NewsDesk& desk_;
    Clock& clock_;
    EventSink& events_;
    std::size_t listening_ = 0;
    boost::asio::steady_timer ended_;
};

}  // namespace samsynk::agent
