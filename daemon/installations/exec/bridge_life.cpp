// How a bridge is started, how it ends, and how it rests.
#include <boost/system/system_error.hpp>

#include "core/time.hpp"
#include "installations/exec/bridge.hpp"

namespace samsynk::installations {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds patience_for_previous{5'000};
constexpr milliseconds look_for_previous{20};

}  // namespace

Error bridge_closed() { return fail(Errc::cancelled, N_("The bridge was ended.")); }

void Bridge::close() {
    if (phase_ == Phase::closed) return;
    phase_ = Phase::closed;
    if (child_) child_->end();
    child_.reset();
    conversation_.end_all([](const Exchange&) { return bridge_closed(); });
    watchdog_.cancel();
    wake();
}

void Bridge::wake() {
    turn_.notify_all();
    news_told_.notify_all();
}

void Bridge::start() {
    phase_ = Phase::starting;
    const auto self = shared_from_this();
    launches_.spawn(launch(self), [self](const std::exception_ptr& thrown) {
        if (thrown && self->phase_ == Phase::starting)
            self->fell(fail(Errc::installation_offline,
                            N_("{path} could not be started. Samsynk tries it again at {clock}."), {},
                            what_of(thrown)));
    });
}

// Two at a time could get in each other's way at the accounting program.
asio::awaitable<bool> Bridge::previous_has_ended(std::shared_ptr<Bridge> self) {
    AsyncEvent pause{self->executor_};
    const auto until = steady_clock::now() + patience_for_previous;
    while (true) {
        const auto previous = self->previous_.lock();
        if (!previous || previous->ended()) co_return true;
        if (steady_clock::now() >= until) co_return false;
        co_await pause.wait_for(look_for_previous);
    }
}

// The program may lie on a share that hangs, so it is not started on this thread.
asio::awaitable<void> Bridge::launch(std::shared_ptr<Bridge> self) {
    if (!co_await previous_has_ended(self)) {
        if (self->phase_ == Phase::starting)
            self->fell(fail(Errc::installation_offline,
                            N_("{path} was killed and has not ended, so it is not started anew before {clock}.")));
        co_return;
    }
    struct Started {
        Result<void> result;
        SpawnedChild child;
    };
    std::function<std::shared_ptr<Started>()> job =
        [wish = SpawnWish{self->options_.command, self->options_.environment}] {
            auto started = std::make_shared<Started>();
            started->result = spawn(wish, started->child);
            return started;
        };
    const auto started = co_await self->worker_.ask(std::move(job));
    if (self->phase_ != Phase::starting) co_return;
    if (!started)
        self->fell(fail(Errc::installation_offline,
                        N_("{path} can't be reached to be started. Samsynk tries it again at {clock}.")));
    else if ((*started)->result.has_error())
        self->fell((*started)->result.error());
    else
        self->greet((*started)->child);
}

void Bridge::greet(SpawnedChild& spawned) {
    try {
        child_ = std::make_shared<ChildProcess>(executor_, spawned, longest_line);
    } catch (const boost::system::system_error& problem) {  // too many descriptors, say
        return fell(can_not_start(problem.code().value()));
    }
    const ChildProcess* const mine = child_.get();
    const std::weak_ptr<Bridge> weak = shared_from_this();
    child_->start({.line =
                       [weak, mine](std::string_view text) {
                           if (const auto self = weak.lock()) self->take_line(mine, text);
                       },
                   .lost =
                       [weak, mine](ChildEnd end, const std::string& how) {
                           const auto self = weak.lock();
                           if (self && self->child_.get() == mine) self->lost(end, how);
                       }});
    started_ = steady_clock::now();
    const auto exchange = send({Asked::hello, {}, hello_request});
    exchange->done = [weak, exchange = exchange.get()] {
        if (const auto self = weak.lock()) self->greeted(*exchange->outcome);
    };
}

void Bridge::greeted(Result<BridgeAnswer> answer) {
    if (phase_ != Phase::starting) return;
    if (answer.has_error())
        return fell(fail(Errc::installation_offline,
                         N_("{path} refused to begin ({said}). Samsynk starts it again at {clock}."),
                         {{"said", to_text(answer.error().message)}}));
    if (answer->hello.protocol != bridge_protocol)
        return fell(
            fail(Errc::installation_offline,
                 N_("{path} speaks version {version} of the protocol, and Samsynk speaks version {known}. "
                    "Update the one that is older. Samsynk starts it again at {clock}."),
                 {{"version", std::to_string(answer->hello.protocol)}, {"known", std::to_string(bridge_protocol)}}));
    hello_ = std::move(answer->hello);
    phase_ = Phase::up;
    if (std::exchange(was_up_, true)) news_.everything_changed();  // what was told meanwhile was told to nobody
    wake();
}

void Bridge::lost(ChildEnd end, const std::string& how) {
    switch (end) {
        case ChildEnd::by_itself:
            return fell(fail(Errc::installation_offline,
                             N_("{path} ended by itself ({how}). Samsynk starts it again at {clock}. What it wrote on "
                                "standard error stands in the log."),
                             {{"how", how}}));
        case ChildEnd::output_closed:
            return fell(
                fail(Errc::installation_offline,
                     N_("{path} closed its standard output. Samsynk ended it, and starts it again at {clock}.")));
        case ChildEnd::line_too_long:
            return fell(
                fail(Errc::installation_offline,
                     N_("{path} sent a line of more than {most} bytes. Samsynk ended it, and starts it again at "
                        "{clock}. The bridge must be corrected."),
                     {{"most", std::to_string(longest_line)}}));
    }
}

// Whatever the reason: the child is ended, what it was asked is given up, and it rests.
void Bridge::fell(Error why) {
    const auto now = steady_clock::now();
    const auto rest = pause_.after(phase_ == Phase::up ? now - started_ : steady_clock::duration{0});
    next_try_ = now + rest;
    phase_ = Phase::down;
    why.code = Errc::installation_offline;
    const auto clock = std::chrono::floor<milliseconds>(std::chrono::system_clock::now() + rest);
    why.message.args.insert(why.message.args.begin(), {{"path", path_}, {"clock", to_rfc3339(clock)}});
    if (child_) {
        child_->end();
        if (const std::string words = child_->last_words(); !words.empty())
            why.detail += (why.detail.empty() ? "stderr: " : "; stderr: ") + words;
        previous_ = std::exchange(child_, nullptr);
    }
    why_ = std::move(why);
    news_.begin_anew(now);
    conversation_.end_all([this](const Exchange& exchange) { return given_up(exchange); });
    wake();
}

Error Bridge::given_up(const Exchange& exchange) const {
    if (!is_write(exchange.asked)) return why_;
    const std::string why = to_text(why_.message) + (why_.detail.empty() ? "" : " (" + why_.detail + ")");
    return fail(
        Errc::write_failed,
        N_("{path} ended before it had answered, so what it was to write at {place} may be done or not. The next "
           "run finds out."),
        {{"path", path_}, {"place", exchange.place}}, why);
}

}  // namespace samsynk::installations
