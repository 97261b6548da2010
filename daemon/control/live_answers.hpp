// Answers that go on for a while, line by line: events, a run's progress, a sign-in.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <string>

#include "agent/commands.hpp"
#include "control/event_stream.hpp"
#include "control/exchange.hpp"

namespace samsynk::control {

class LiveAnswers {
public:
    /// Hands over some lines; false where nobody takes them any more.
    using Write = std::function<boost::asio::awaitable<bool>(std::string)>;

    LiveAnswers(agent::Commands& agent, EventStream& events) : agent_{agent}, events_{events} {}

    static bool is_live(const Response& response) { return response.stream || response.login; }
    /// Until it has come to its end (true) or nobody listens.
    boost::asio::awaitable<bool> follow(Response response, Write write);

private:
    boost::asio::awaitable<bool> follow_events(Response::Stream stream, Write write);
    static boost::asio::awaitable<bool> follow_login(std::shared_ptr<agent::Login> login, Write write);

    agent::Commands& agent_;
    EventStream& events_;
};

}  // namespace samsynk::control
