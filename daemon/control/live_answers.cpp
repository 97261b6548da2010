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

// Only in the stream, never logged. Whoever is let in again goes on after what was heard last.
std::string sent_away_line(std::uint64_t after, const std::string& life) {
    Event event;
    event.name = "access.ended";
    event.level = Level::notice;
    event.message = {N_("You may no longer look here. Ask the administrator which group you must be in."), {}};
    event.at = wall_clock();
    event.sequence = after;
    event.life = life;
    return to_text(to_json(event)) + "\n";
}

bool ends_run(const Event& event) {
    return event.name == "run.completed" || event.name == "run.failed" || event.name == "run.cancelled";
}

}  // namespace

struct LiveAnswers::Outcome {
    explicit Outcome(const boost::asio::any_io_executor& executor) : came{executor} {}
    bool known = false;  ///< without a result: there is no such run
    std::shared_ptr<const agent::RunResult> result;
    AsyncEvent came;
};

void LiveAnswers::await_result(std::string run, std::shared_ptr<Outcome> outcome) {
    const auto wait = [](agent::Commands& agent, std::string of, std::shared_ptr<Outcome> to) -> awaitable<void> {
        const auto result = co_await agent.result(std::move(of));
        if (result.has_value()) to->result = *result;
    };
    waiting_.spawn(wait(agent_, std::move(run), outcome), [outcome](const std::exception_ptr&) {
        outcome->known = true;
        outcome->came.notify_all();
    });
}

struct LiveAnswers::Listener {
    Write write;
    MayGoOn may_go_on;
    std::uint64_t heard = 0;  ///< the newest event that was told
    std::string life;
    bool sent_away = false;

    // False where nobody is to be told more. Without lines it is only asked whether that is so.
    awaitable<bool> tell(std::string lines) {
        sent_away = !co_await may_go_on();
        if (sent_away) lines = sent_away_line(heard, life);
        if (lines.empty()) co_return true;
        const bool taken = co_await write(std::move(lines));
        co_return taken && !sent_away;
    }
};

awaitable<bool> LiveAnswers::follow(Response response, Write write, MayGoOn may_go_on,
                                    std::chrono::milliseconds every) {
    Listener listener{.write = std::move(write), .may_go_on = std::move(may_go_on), .life = events_.newest().life};
    bool to_its_end = false;
    if (response.login)
        to_its_end = co_await follow_login(std::move(response.login), listener);
    else
        to_its_end = co_await follow_events(std::move(*response.stream), listener, every);
    co_return to_its_end || listener.sent_away;
}

// A line now and then, so that nobody thinks that it hangs, and so that we notice when nobody listens any more.
awaitable<bool> LiveAnswers::follow_login(std::shared_ptr<agent::Login> login, Listener& listener) {
    std::string line = code_line(*login);
    if (!co_await listener.tell(std::move(line))) co_return false;
    while (!login->ended()) {
        co_await login->wait(login_line_every);
        line = login->ended() ? std::string{} : waiting_line(*login);
        if (!co_await listener.tell(std::move(line))) co_return false;
    }
    line = outcome_line(*login);
    co_return co_await listener.tell(std::move(line));
}

// The result of a run is held from the moment that there is one: whoever reads slowly gets it, too, when many others
// have been made meanwhile, and where the event that ended the run is no longer kept.
awaitable<bool> LiveAnswers::follow_events(Response::Stream stream, Listener& listener,
                                           std::chrono::milliseconds every) {
    const auto outcome = std::make_shared<Outcome>(executor_);
    if (!stream.run.empty()) await_result(stream.run, outcome);
    listener.heard = stream.after == before_this_life ? 0 : stream.after;
    for (bool ended = false, missed = false; !ended && !(missed && outcome->known);) {
        const auto events = co_await events_.next(stream.after, every);
        if (events.empty() && events_.ended()) break;
        std::string lines;
        for (const Event& event : events) {
            stream.after = event.sequence;
            const bool dropped = event.name == "events.dropped";
            missed = missed || dropped;
            if (!stream.run.empty() && event.run != stream.run && !dropped) continue;
            lines += to_text(to_json(event)) + "\n";
            ended = ended || (!stream.run.empty() && ends_run(event));
        }
        if (!co_await listener.tell(std::move(lines))) co_return false;
        listener.heard = stream.after;
    }
    if (stream.run.empty()) co_return true;
    while (!outcome->known && !events_.ended()) co_await outcome->came.wait_for(every);
    if (!outcome->result) co_return true;
    std::string line = result_line(*outcome->result);
    co_return co_await listener.tell(std::move(line));
}

}  // namespace samsynk::control
