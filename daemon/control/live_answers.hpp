// Answers that go on for a while, line by line: events, a run's progress, a sign-in.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <string>

#include "agent/commands.hpp"
#include "async/task_group.hpp"
#include "control/event_stream.hpp"
#include "control/exchange.hpp"

namespace samsynk::control {

class LiveAnswers {
public:
    /// Hands over some lines; false where nobody takes them any more.
    using Write = std::function<boost::asio::awaitable<bool>(std::string)>;

    /// Whether the one who listens may go on: asked before each line, and at least so often.
    using MayGoOn = std::function<boost::asio::awaitable<bool>()>;
    static constexpr std::chrono::seconds asked_every{15};

    LiveAnswers(boost::asio::any_io_executor executor, agent::Commands& agent, EventStream& events)
        : executor_{executor}, agent_{agent}, events_{events}, waiting_{executor} {}

    static bool is_live(const Response& response) { return response.stream || response.login; }
    /// Until it has come to its end, or who listens may no longer (true), or nobody listens. `every` is for tests.
    boost::asio::awaitable<bool> follow(Response response, Write write, MayGoOn may_go_on,
                                        std::chrono::milliseconds every = asked_every);

private:
    struct Listener;
    struct Outcome;

    void await_result(std::string run, std::shared_ptr<Outcome> outcome);

    boost::asio::awaitable<bool> follow_events(Response::Stream stream, Listener& listener,
                                               std::chrono::milliseconds every);
    static boost::asio::awaitable<bool> follow_login(std::shared_ptr<agent::Login> login, Listener& listener);

    boost::asio::any_io_executor executor_;
    agent::Commands& agent_;
    EventStream& events_;
    TaskGroup waiting_;
};

}  // namespace samsynk::control
