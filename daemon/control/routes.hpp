// What the control socket answers: one table of routes, one writer of errors. Knows no sockets.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "agent/commands.hpp"

namespace samsynk::control {

struct Request {
    std::string method;
    std::string path;  ///< without the query
    std::string query;
    std::string accept;
    std::string body;
    bool may_act = true;  ///< false: may only look
    std::string by;       ///< who asks: a user's name
};

struct Response {
    int status = 200;
    std::string content_type = "application/json";
    std::string body;
    std::string allow;  ///< with 405
    /// A stream of events instead of a body: those after `after`; of `run` only, until it has ended, where one is
    /// named.
    struct Stream {
        std::uint64_t after = 0;
        std::string run;
    };
    std::optional<Stream> stream;
    std::shared_ptr<agent::Login> login;  ///< a sign-in to follow, line by line, instead of a body
};

/// An error as `application/problem+json`.
Response problem(int status, const Error& error);

class Routes {
public:
    Routes(agent::Commands& agent, std::string service_url, std::function<std::uint64_t()> last_event)
        : agent_{agent}, service_url_{std::move(service_url)}, last_event_{std::move(last_event)} {}

    boost::asio::awaitable<Response> answer(Request request);

private:
    using Handler = boost::asio::awaitable<Response> (Routes::*)(Request, std::string);
    struct Route {
        const char* method;
        const char* pattern;  ///< `*` stands for one part of the path
        Handler handler;
    };
    static const std::vector<Route>& table();

    boost::asio::awaitable<Response> status(Request, std::string);
    boost::asio::awaitable<Response> companies(Request, std::string);
    boost::asio::awaitable<Response> company(Request, std::string number);
    boost::asio::awaitable<Response> set_preferences(Request request, std::string number);
    boost::asio::awaitable<Response> held(Request, std::string);
    boost::asio::awaitable<Response> approve(Request request, std::string id);
    boost::asio::awaitable<Response> sync(Request request, std::string);
    boost::asio::awaitable<Response> explain(Request, std::string number);
    boost::asio::awaitable<Response> history(Request request, std::string);
    boost::asio::awaitable<Response> revert(Request request, std::string run);
    boost::asio::awaitable<Response> release(Request request, std::string number);
    boost::asio::awaitable<Response> events(Request request, std::string);
    boost::asio::awaitable<Response> installations(Request, std::string);
    boost::asio::awaitable<Response> test_installation(Request request, std::string id);
    boost::asio::awaitable<Response> prepare_installation(Request request, std::string id);
    boost::asio::awaitable<Response> login(Request request, std::string);
    boost::asio::awaitable<Response> logout(Request request, std::string);
    boost::asio::awaitable<Response> reload(Request, std::string);
    boost::asio::awaitable<Response> health(Request, std::string);
    boost::asio::awaitable<Response> metrics(Request, std::string);

    agent::Commands& agent_;
    std::string service_url_;
    std::function<std::uint64_t()> last_event_;
};

}  // namespace samsynk::control
