// What the control socket answers: one table of routes, one writer of errors. Knows no sockets.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <string>
#include <vector>

#include "agent/commands.hpp"
#include "control/event_stream.hpp"
#include "control/exchange.hpp"
#include "control/housekeeping.hpp"

namespace samsynk::control {

class Routes : public Answerer {
public:
    /// Without `housekeeping` its routes answer 404.
    Routes(agent::Commands& agent, std::string service_url, std::function<NewestEvent()> newest_event,
           Housekeeping* housekeeping = nullptr)
        : agent_{agent},
          service_url_{std::move(service_url)},
          newest_event_{std::move(newest_event)},
          housekeeping_{housekeeping} {}

    void tell_service(std::string url) { service_url_ = std::move(url); }  ///< after a reload

    boost::asio::awaitable<Response> answer(Request request) override;

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
    boost::asio::awaitable<Response> log_level(Request, std::string);
    boost::asio::awaitable<Response> set_log_level(Request request, std::string);
    boost::asio::awaitable<Response> back_up(Request, std::string);
    boost::asio::awaitable<Response> examine(Request, std::string);
    boost::asio::awaitable<Response> health(Request, std::string);
    boost::asio::awaitable<Response> metrics(Request, std::string);

    agent::Commands& agent_;
    std::string service_url_;
    std::function<NewestEvent()> newest_event_;
    Housekeeping* housekeeping_;
    std::weak_ptr<const agent::Inventory> companies_of_;  ///< whom the text tells of
    std::weak_ptr<const std::string> companies_text_;     ///< for as long as someone reads it
};

}  // namespace samsynk::control
