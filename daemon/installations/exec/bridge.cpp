#include "installations/exec/bridge.hpp"

#include <algorithm>

namespace samsynk::installations {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t most_writes = 32;
constexpr milliseconds least_patience_for_start{10'000};
constexpr std::size_t most_unsent = 4 * 1024 * 1024;

// What may have been done, and what certainly was not, are told apart by who calls.
Error for_write(Error why) {
    if (why.code == Errc::installation_offline) why.code = Errc::write_failed;
    return why;
}

}  // namespace

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
        fell(fail(Errc::installation_offline,
                  N_("{path} does not read what it is asked. Samsynk ended it, and starts it "
                     "again at {clock}. The bridge must be corrected.")));
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
    fell(fail(Errc::installation_offline,
              N_("{path} did not answer in time ({most} s). Samsynk ended it, and starts it again at {clock}."),
              {{"most", std::to_string(seconds)}}));
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
