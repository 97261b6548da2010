#include "control/live_answers.hpp"

#include <boost/json.hpp>

#include "control/sign_in_json.hpp"
#include "control/to_json.hpp"

namespace samsynk::control {
namespace {

using boost::asio::awaitable;

constexpr std::chrono::seconds login_line_every{5};

std::string result_line(const agent::RunResult& result) {
    boost::json::object line;
    line["event"] = "result";
    line["result"] = to_json(result);
    return to_text(line) + "\n";
}

bool ends_run(const Event& event) {
    return event.name == "run.completed" || event.name == "run.failed" || event.name == "run.cancelled";
}

}  // namespace

awaitable<bool> LiveAnswers::follow(Response response, Write write) {
    if (response.login) co_return co_await follow_login(std::move(response.login), std::move(write));
    co_return co_await follow_events(std::move(*response.stream), std::move(write));
}

// A line now and then, so that nobody thinks that it hangs, and so that we notice when nobody listens any more.
awaitable<bool> LiveAnswers::follow_login(std::shared_ptr<agent::Login> login, Write write) {
    std::string line = code_line(*login);
    if (!co_await write(std::move(line))) co_return false;
    while (!login->ended()) {
        co_await login->wait(login_line_every);
        line = login->ended() ? std::string{} : waiting_line(*login);
        if (!line.empty() && !co_await write(std::move(line))) co_return false;
    }
    line = outcome_line(*login);
    co_return co_await write(std::move(line));
}

awaitable<bool> LiveAnswers::follow_events(Response::Stream stream, Write write) {
    for (bool ended = false; !ended;) {
        const auto events = co_await events_.next(stream.after);
        if (events.empty()) break;
        std::string lines;
        for (const Event& event : events) {
            stream.after = event.sequence;
            if (!stream.run.empty() && event.run != stream.run) continue;
            lines += to_text(to_json(event)) + "\n";
            ended = ended || (!stream.run.empty() && ends_run(event));
        }
        if (!lines.empty() && !co_await write(std::move(lines))) co_return false;
    }
    if (stream.run.empty()) co_return true;
    const auto result = co_await agent_.result(stream.run);
    if (result.has_error()) co_return true;
    std::string line = result_line(**result);
    co_return co_await write(std::move(line));
}

}  // namespace samsynk::control
