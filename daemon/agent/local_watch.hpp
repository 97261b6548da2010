// Listens for what changes locally between the runs, so that a local choice is carried over at once.
#pragma once

#include <boost/asio/any_io_executor.hpp>

#include "agent/news.hpp"
#include "async/task_group.hpp"
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
    void listen(std::shared_ptr<Sides> sides, LocalSide& local, bool after_a_while);
    boost::asio::awaitable<bool> online_is_well(std::shared_ptr<Sides> sides);
    boost::asio::awaitable<void> follow(std::shared_ptr<Sides> sides, LocalSide& local, bool after_a_while);
    bool is_served(const std::shared_ptr<Sides>& sides) const { return !desk_.stopping() && desk_.sides() == sides; }
    void cannot_listen(const LocalSide& local, const Error& why);

    NewsDesk& desk_;
    Clock& clock_;
    EventSink& events_;
    TaskGroup listeners_;
};

}  // namespace samsynk::agent
