#include "installations/exec/bridge.hpp"

#include <algorithm>
#include <boost/system/system_error.hpp>

#include "core/time.hpp"

namespace samsynk::installations {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds patience_for_previous{5'000};
constexpr milliseconds look_for_previous{20};
constexpr std::size_t most_writes = 32;
constexpr milliseconds least_patience_for_start{10'000};
constexpr std::size_t most_unsent = 4 * 1024 * 1024;

// What may have been done, and what certainly was not, are told apart by who calls.
Error for_write(Error why) {
    if (why.code == Errc::installation_offline) why.code = Errc::write_failed;
    return why;
}

}  // namespace

Error bridge_closed() { return fail(Errc::cancelled, N_("The bridge was ended.")); }

Bridge::Bridge(std::string path, ExecOptions options, asio::any_io_executor executor)
    : path_{std::move(path)},
      options_{std::move(options)},
      executor_{executor},
      conversation_{path_, options_.reply_timeout},
      pause_{options_.least_restart, options_.most_restart},
      worker_{executor, std::max(options_.reply_timeout, least_patience_for_start)},
      watchdog_{executor},
      turn_{executor},
      news_told_{executor},
      launches_{executor},
      hello_{.protocol = bridge_protocol, .program = "exec", .can = {}},
      news_{steady_clock::now()} {}

Bridge::~Bridge() = default;

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
            self->fell(N_("{path} could not be started. Samsynk tries it again at {clock}."), {}, what_of(thrown));
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
            self->fell(N_("{path} was killed and has not ended, so it is not started anew before {clock}."));
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
        self->fell(N_("{path} can't be reached to be started. Samsynk tries it again at {clock}."));
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
        return fell(N_("{path} refused to begin ({said}). Samsynk starts it again at {clock}."),
                    {{"said", to_text(answer.error().message)}});
    if (answer->hello.protocol != bridge_protocol)
        return fell(N_("{path} speaks version {version} of the protocol, and Samsynk speaks version {known}. "
                       "Update the one that is older. Samsynk starts it again at {clock}."),
                    {{"version", std::to_string(answer->hello.protocol)}, {"known", std::to_string(bridge_protocol)}});
    hello_ = std::move(answer->hello);
    phase_ = Phase::up;
    if (std::exchange(was_up_, true)) news_.everything_changed();  // what was told meanwhile was told to nobody
    wake();
}

void Bridge::lost(ChildEnd end, const std::string& how) {
    switch (end) {
        case ChildEnd::by_itself:
            return fell(N_("{path} ended by itself ({how}). Samsynk starts it again at {clock}. What it wrote on "
                           "standard error stands in the log."),
                        {{"how", how}});
        case ChildEnd::output_closed:
            return fell(N_("{path} closed its standard output. Samsynk ended it, and starts it again at {clock}."));
        case ChildEnd::line_too_long:
            return fell(N_("{path} sent a line of more than {most} bytes. Samsynk ended it, and starts it again at "
                           "{clock}. The bridge must be corrected."),
                        {{"most", std::to_string(longest_line)}});
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

void Bridge::fell(std::string sentence, std::vector<std::pair<std::string, std::string>> args, std::string detail) {
    fell(fail(Errc::installation_offline, std::move(sentence), std::move(args), std::move(detail)));
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

agent::Async<> Bridge::ready() {
    const auto self = shared_from_this();
    bool tried = false;
    while (phase_ != Phase::up) {
        if (phase_ == Phase::closed) co_return bridge_closed();
        if (phase_ == Phase::down && (tried || steady_clock::now() < next_try_)) co_return why_;
        if (phase_ == Phase::down) start();
        tried = true;
        co_await turn_.wait();
    }
    co_return Result<void>{};
}

ExchangePtr Bridge::send(const BridgeRequest& request) {
    auto exchange = conversation_.begin(request.asked, request.place, steady_clock::now());
    child_->send(request.line(exchange->id));
    if (child_->unsent() > most_unsent)
        fell(
            N_("{path} does not read what it is asked. Samsynk ended it, and starts it "
               "again at {clock}. The bridge must be corrected."));
    watch();
    return exchange;
}

asio::awaitable<Result<BridgeAnswer>> Bridge::outcome(ExchangePtr exchange) {
    const auto self = shared_from_this();
    const auto answered = std::make_shared<AsyncEvent>(executor_);
    exchange->done = [answered] { answered->notify_all(); };
    while (!exchange->outcome) co_await answered->wait();
    co_return std::move(*exchange->outcome);
}

agent::Async<BridgeAnswer> Bridge::ask(BridgeRequest request) {
    const auto self = shared_from_this();
    const auto on = co_await ready();
    if (on.has_error() || !up()) {
        const Error why = on.has_error() ? on.error() : why_;
        co_return is_write(request.asked) ? for_write(why) : why;
    }
    auto exchange = send(request);
    co_return co_await outcome(std::move(exchange));
}

asio::awaitable<std::vector<Result<void>>> Bridge::ask_all(std::vector<BridgeRequest> requests) {
    const auto self = shared_from_this();
    std::vector<ExchangePtr> sent;
    std::vector<Result<void>> results;
    for (const BridgeRequest& request : requests) {
        const auto on = co_await ready();
        while (on.has_value() && up() && conversation_.writes() >= most_writes) co_await turn_.wait();
        if (on.has_value() && up()) {
            sent.push_back(send(request));
            continue;
        }
        // Not made at all.
        auto never = std::make_shared<Exchange>();
        never->outcome.emplace(for_write(on.has_error()            ? on.error()
                                         : phase_ == Phase::closed ? bridge_closed()
                                                                   : why_));
        sent.push_back(std::move(never));
    }
    for (const ExchangePtr& exchange : sent) {
        auto answer = co_await outcome(exchange);
        results.push_back(answer.has_error() ? Result<void>{answer.error()} : Result<void>{});
    }
    co_return results;
}

void Bridge::take_line(const ChildProcess* from, std::string_view text) {
    if (child_.get() != from) return;
    const auto taken = take(text);
    if (taken.has_error() && child_.get() == from) fell(taken.error());
}

Result<void> Bridge::take(std::string_view text) {
    auto line = parse_bridge_line(text, hello_.can.read_preferences);
    if (line.has_error()) return line.error();
    if (auto* told = std::get_if<ChangedLine>(&line->message)) return changed(*told);
    const std::size_t before = conversation_.writes();
    auto taken = conversation_.take(std::move(*line), text.size(), steady_clock::now());
    if (conversation_.writes() < before) turn_.notify_all();  // room for another one
    return taken;
}

Result<void> Bridge::changed(const ChangedLine& line) {
    if (!news_.add(line, steady_clock::now()))
        return fail(Errc::bad_reply,
                    N_("{path} tells of changes without end. Samsynk ended it, and starts it again at {clock}. The "
                       "bridge must be corrected."));
    news_told_.notify_all();
    return {};
}

void Bridge::watch() {
    const auto deadline = conversation_.deadline();
    if (!deadline || watched_) return;
    watched_ = true;
    watchdog_.expires_at(*deadline);
    watchdog_.async_wait([weak = weak_from_this()](const boost::system::error_code& code) {
        const auto self = weak.lock();
        if (!self) return;
        self->watched_ = false;
        if (!code) self->overdue();
    });
}

// It looks only now whether something was said meanwhile: that is rarer than lines are.
void Bridge::overdue() {
    const auto deadline = conversation_.deadline();
    if (!deadline) return;
    if (*deadline > steady_clock::now()) return watch();
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(options_.reply_timeout).count();
    fell(N_("{path} did not answer in time ({most} s). Samsynk ended it, and starts it again at {clock}."),
         {{"most", std::to_string(seconds)}});
}

asio::awaitable<void> Bridge::wait_for_news() {
    const auto self = shared_from_this();
    const bool restarts = was_up_ && hello_.can.changed;
    if (phase_ == Phase::down && restarts && steady_clock::now() >= next_try_) start();
    if (phase_ == Phase::down && restarts)
        co_await news_told_.wait_until(next_try_);
    else
        co_await news_told_.wait();
}

}  // namespace samsynk::installations
