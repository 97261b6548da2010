#include "agent/scheduler.hpp"

#include <algorithm>

#include "core/ids.hpp"
#include "sync/backoff.hpp"

namespace samsynk::agent {
namespace {

constexpr std::size_t kept_results = 50;
constexpr std::size_t most_waiting = 16;
constexpr std::chrono::milliseconds first_retry{std::chrono::seconds{5}};
constexpr std::chrono::milliseconds least_pause{std::chrono::seconds{5}};
constexpr std::chrono::milliseconds longest_away{std::chrono::seconds{40}};  ///< till it is looked whether it is back

std::string new_run_id() { return "r-" + new_uuid(); }

// A run for what changed does less than one that a person asked for, unless it is about everything.
bool covers(const SyncRequest& waiting, const SyncRequest& asked) {
    if (waiting.dry_run != asked.dry_run || waiting.release || asked.release) return false;
    if (waiting.trigger == Trigger::change && !waiting.scope.all) return false;
    return waiting.scope.covers(asked.scope);
}

// What passes by itself, and may have passed any moment: to look is cheap.
bool is_away(Errc code) {
    return code == Errc::service_unreachable || code == Errc::tls_failed || code == Errc::service_error ||
           code == Errc::bad_reply;
}

// Something was found equal on both sides, or there was nothing to look at.
bool is_success(const RunResult& result) {
    return result.synced + result.waiting > 0 ||
           result.held + result.failed + result.pending + result.offline_companies + result.offline.size() == 0;
}

void count(const RunResult& result, Totals& totals) {
    ++(result.outcome == Outcome::completed ? totals.completed
       : result.outcome == Outcome::failed  ? totals.failed
                                            : totals.cancelled);
    totals.to_local += result.to_local;
    totals.to_online += result.to_online;
}

}  // namespace

Scheduler::Scheduler(boost::asio::any_io_executor executor, Clock& clock, Store& store, EventSink& events,
                     std::shared_ptr<Sides> sides)
    : clock_{clock},
      store_{store},
      sides_{std::move(sides)},
      events_{events},
      finished_{executor},
      turned_{executor},
      feed_{*this, clock, events},
      watch_{executor, *this, clock, events},
      listeners_{executor} {
    auto status = std::make_shared<Status>();
    status->started_at = clock_.now();
    status_ = std::move(status);
    sync_once_signed_in();
}

// Who has just signed in should not wait for the next run.
void Scheduler::sync_once_signed_in() {
    if (const auto sign_in = sides_->online->sign_in())
        sign_in->on_signed_in([this] {
            failures_ = 0;
            request_sync(SyncRequest{.trigger = Trigger::manual});
        });
}

Async<> Scheduler::open() {
    auto memory = co_await store_.load();
    if (memory.has_error()) co_return memory.error();
    ledger_ = std::make_unique<Ledger>(std::move(*memory), &store_);
    co_return Result<void>{};
}

boost::asio::awaitable<void> Scheduler::serve() {
    queue_.push_back({new_run_id(), SyncRequest{.trigger = Trigger::start}});
    listen(feed_.serve());
    listen(watch_.serve());
    while (!stopping_) {
        if (queue_.empty()) {
            co_await next_run();
            continue;
        }
        Waiting next = std::move(queue_.front());
        queue_.pop_front();
        co_await run(std::move(next));
    }
    cancel_waiting();
    co_await until_nobody_listens();
}

boost::asio::awaitable<void> Scheduler::next_run() {
    const auto wait = pause();
    auto status = std::make_shared<Status>(*status_);
    status->next_run = clock_.now() + wait;
    status_ = std::move(status);
    if (rest_) rest_();
    co_await clock_.sleep(wait);
    if (!stopping_ && queue_.empty() && clock_.now() >= *status_->next_run) queue_.push_back({new_run_id(), due()});
}

void Scheduler::cancel_waiting() {
    for (const Waiting& waiting : queue_) {
        auto result = std::make_shared<RunResult>();
        result->run = waiting.id;
        result->outcome = Outcome::cancelled;
        result->error = fail(Errc::cancelled, N_("The daemon is stopping."));
        finish(std::move(result));
    }
    queue_.clear();
}

boost::asio::awaitable<RunResult> Scheduler::once(SyncRequest request) {
    Waiting only{new_run_id(), std::move(request)};  // named: GCC 12 destroys a temporary argument of a co_await twice
    const auto result = co_await run(std::move(only));
    co_return *result;
}

boost::asio::awaitable<std::shared_ptr<const RunResult>> Scheduler::run(Waiting next) {
    const std::shared_ptr<Sides> sides = in_use_ = sides_;
    running_ = next.id;
    Ledger scratch{next.request.dry_run ? ledger_->memory() : sync::Memory{}, nullptr};
    Ledger& ledger = next.request.dry_run ? scratch : *ledger_;
    const RunResult* last = status_->last_run.get();
    const bool all = next.request.scope.all, dry_run = next.request.dry_run;
    RunOrder order{.request = std::move(next.request),
                   .page = std::move(next.page),
                   .page_after = std::move(next.page_after),
                   .list_all = listed_under_.lock() != sides,  // what is known is of another configuration
                   .failed_before = last && last->error ? std::optional{last->error->code} : std::nullopt};
    Run run{RunContext{*sides, ledger, store_, clock_, events_, stopping_, next.id}, std::move(order), name_notices_,
            [this, id = next.id](const std::string& phase) { publish_phase(id, phase); }};
    RunReport report = co_await run.execute(status_);
    auto result = std::make_shared<const RunResult>(std::move(report.result));
    running_.clear();
    if (dry_run)
        publish_phase({}, {});
    else
        publish(std::move(report), result, all);
    in_use_.reset();
    finish(result);
    co_return result;
}

void Scheduler::publish(RunReport report, std::shared_ptr<const RunResult> result, bool all) {
    auto status = std::make_shared<Status>();
    status->started_at = status_->started_at;
    status->last_completed = status_->last_completed;
    status->last_success = status_->last_success;
    status->next_run = status_->next_run;
    status->feed = status_->feed;
    if (report.complete) listed_under_ = in_use_;
    if (all && report.complete)
        next_whole_ = clock_.now() + sync::with_jitter(sides_->policy.interval, clock_.random());
    status->companies = std::move(report.companies);
    status->installations = report.installations;
    status->service_trouble = status_->service_trouble;
    if (result->outcome == Outcome::completed) {
        status->service_trouble.reset();
        status->last_completed = result->finished_at;
        if (is_success(*result)) status->last_success = result->finished_at;
        // What the failed ones saw and did not come to, a look at a few does not come to either.
        if (failures_ > 0 && !report.complete) next_whole_ = clock_.now();
        failures_ = 0;
    } else if (result->outcome == Outcome::failed) {
        ++failures_;
        plan_retry(result->error->code);
        // Who is busy or away is not kept busy by a request that is held open, too.
        if (is_of_service(result->error->code)) sides_->online->hang_up();
        if (is_of_service(result->error->code)) status->service_trouble = result->error;
    }
    status->totals = status_->totals;
    count(*result, status->totals);
    publish_service(*result);
    publish_installations(status_->installations, report.installations, result->run);
    const bool nothing = result->trigger == Trigger::change && result->outcome == Outcome::completed &&
                         result->changed == 0 && status_->last_run;
    status->last_run = nothing ? status_->last_run : std::move(result);
    status_ = std::move(status);
}

// One line when the service is lost, one when it is back.
void Scheduler::publish_service(const RunResult& result) {
    const bool down =
        result.error && (result.error->code == Errc::service_unreachable || result.error->code == Errc::tls_failed);
    if (down == service_down_ || result.outcome == Outcome::cancelled) return;
    if (!down && result.outcome != Outcome::completed) return;  // another trouble is no recovery
    service_down_ = down;
    Event event{.name = down ? "service.unreachable" : "service.recovered",
                .level = down ? Level::error : Level::notice,
                .message = {},
                .company = {},
                .run = result.run,
                .fields = {},
                .code = {}};
    event.message = down ? result.error->message : Message{N_("The online service answers again."), {}};
    events_.publish(std::move(event));
}

// One line when an installation is lost, one when it is back.
void Scheduler::publish_installations(const std::vector<InstallationStatus>& before,
                                      const std::vector<InstallationStatus>& now, const std::string& run) {
    for (const InstallationStatus& installation : now) {
        const auto old = std::find_if(before.begin(), before.end(),
                                      [&](const InstallationStatus& one) { return one.id == installation.id; });
        const bool was_offline = old != before.end() && old->trouble;
        if (installation.trouble ? was_offline && old->trouble == installation.trouble : !was_offline) continue;
        Event event{.name = installation.trouble ? "installation.offline" : "installation.recovered",
                    .level = installation.trouble ? Level::error : Level::notice,
                    .message = {},
                    .company = {},
                    .run = run,
                    .fields = {{"installation", installation.id}},
                    .code = {}};
        event.message = installation.trouble
                            ? installation.trouble->message
                            : Message{N_("The installation {id} can be reached again."), {{"id", installation.id}}};
        if (installation.trouble) event.code = installation.trouble->code;
        if (installation.trouble && !installation.trouble->detail.empty())
            event.fields.emplace_back("detail", installation.trouble->detail);
        events_.publish(std::move(event));
    }
}

void Scheduler::publish_phase(const std::string& run, const std::string& phase) {
    auto status = std::make_shared<Status>(*status_);
    status->running = run;
    status->phase = phase;
    status_ = std::move(status);
}

void Scheduler::finish(std::shared_ptr<const RunResult> result) {
    result_order_.push_back(result->run);
    results_.emplace(result->run, result);
    if (result_order_.size() > kept_results) {
        results_.erase(result_order_.front());
        result_order_.pop_front();
    }
    finished_.notify_all();
    turned_.notify_all();
}

std::chrono::milliseconds Scheduler::pause() const {
    const auto interval = sides_->policy.interval;
    if (failures_ == 0) {
        // Never more than the interval, whatever happens to the clock.
        auto wait = std::min(sync::with_jitter(interval, clock_.random()),
                             std::max(std::chrono::milliseconds{0}, next_whole_ - clock_.now()));
        // Those whose time has passed were tried just now, or have none of their own.
        for (const auto& [key, parking] : ledger_->memory().parked)
            if (parking.next_try > clock_.now())
                wait = std::min(wait, std::max(least_pause, parking.next_try - clock_.now()));
        return wait;
    }
    // Never more than was meant, whatever happens to the clock.
    return std::clamp(retry_at_ - clock_.now(), std::chrono::milliseconds{0}, retry_pause_);
}

void Scheduler::plan_retry(Errc why) {
    const auto interval = sides_->policy.interval;
    const auto most = is_away(why) ? std::min(longest_away, interval) : interval;
    const auto asked = std::chrono::milliseconds{sides_->online->retry_after()};
    retry_pause_ = std::max(asked, sync::backoff(failures_, first_retry, most, clock_.random()));
    retry_at_ = clock_.now() + retry_pause_;
    // Of a refusal (a right, a sign-in) nobody is asked more often for what happens here.
    retry_soonest_ = is_away(why) ? clock_.now() + std::max(asked, least_pause) : retry_at_;
}

// A choice was made here meanwhile: a reason to look sooner whether the online side is back.
void Scheduler::hurry() {
    if (failures_ == 0 || stopping_) return;
    retry_at_ = std::min(retry_at_, std::max(clock_.now(), retry_soonest_));
    clock_.wake();
}

// What its time has come for: an ordinary run, or before that only the companies that are to be tried again.
SyncRequest Scheduler::due() const {
    SyncRequest request{.trigger = Trigger::interval};
    if (failures_ > 0 || clock_.now() >= next_whole_) return request;
    Scope again;
    for (const auto& [key, parking] : ledger_->memory().parked)
        if (parking.next_try != Time{} && parking.next_try <= clock_.now()) again.places.insert(key);
    if (!again.places.empty()) request = {.scope = std::move(again), .trigger = Trigger::retry};
    return request;
}

void Scheduler::stop() {
    stopping_ = true;
    sides_->online->cancel();
    if (in_use_ && in_use_ != sides_) in_use_->online->cancel();
    clock_.wake();
    turned_.notify_all();
}

void Scheduler::close() {
    for (const auto& local : sides_->locals) local->close();
    if (in_use_ && in_use_ != sides_)
        for (const auto& local : in_use_->locals) local->close();
}

void Scheduler::replace(std::shared_ptr<Sides> sides) {
    sides_->online->hang_up();
    sides_ = std::move(sides);
    turned_.notify_all();
    sync_once_signed_in();
    if (sides_->online->retry_after().count() > 0) {
        // A new configuration is no reason to go against what the service asked for.
        failures_ = std::max(failures_, 1U);
        plan_retry(Errc::rate_limited);
        clock_.wake();
        return;
    }
    failures_ = 0;
    request_sync(SyncRequest{.trigger = Trigger::start});
}

bool Scheduler::has_room(const SyncRequest& request) const {
    if (queue_.size() < most_waiting) return true;
    return std::any_of(queue_.begin(), queue_.end(),
                       [&](const Waiting& waiting) { return covers(waiting.request, request); });
}

void Scheduler::name_by_number(SyncRequest& request) const {
    std::erase_if(request.scope.places, [&](const sync::PlaceKey& key) {
        const CompanyStatus* place = status_->companies->find(key);
        if (!place || !place->company()) return false;
        request.scope.companies.insert(*place->company());
        return true;
    });
}

// Where many wait already, one of them is made to look at all: what was chosen by then is carried over by it.
std::string Scheduler::request_sync(SyncRequest request) {
    name_by_number(request);
    for (const Waiting& waiting : queue_)
        if (covers(waiting.request, request)) return waiting.id;
    if (!has_room(request) && !request.dry_run && !request.release)
        for (Waiting& waiting : queue_)
            if (!waiting.request.dry_run && !waiting.request.release && waiting.request.trigger != Trigger::change) {
                waiting.request.scope = Scope::everything();
                return waiting.id;
            }
    queue_.push_back({new_run_id(), std::move(request)});
    clock_.wake();
    return queue_.back().id;
}

Async<std::shared_ptr<const RunResult>> Scheduler::result(std::string run) {
    while (true) {
        if (const auto known = results_.find(run); known != results_.end()) co_return known->second;
        const bool coming = running_ == run || std::any_of(queue_.begin(), queue_.end(),
                                                           [&](const Waiting& waiting) { return waiting.id == run; });
        if (!coming) co_return fail(Errc::not_found, N_("There is no run {run}."), {{"run", run}});
        co_await finished_.wait();
    }
}

// What ends one of them for good ends the daemon, which is started anew.
void Scheduler::listen(boost::asio::awaitable<void> listener) {
    listeners_.spawn(std::move(listener), [this](const std::exception_ptr& thrown) {
        turned_.notify_all();
        if (thrown) std::rethrow_exception(thrown);
    });
}

boost::asio::awaitable<void> Scheduler::until_nobody_listens() {
    turned_.notify_all();
    co_await listeners_.join();
}

bool Scheduler::online_well() const {
    return failures_ == 0 && status_->last_completed.has_value() && !ledger_->memory().cursor.empty();
}

boost::asio::awaitable<void> Scheduler::turn() { co_await turned_.wait(); }

boost::asio::awaitable<bool> NewsDesk::rest(Clock& clock, std::shared_ptr<Sides> served,
                                            std::chrono::milliseconds time) {
    const Time until = clock.now() + time;
    while (!stopping() && sides() == served) {
        const auto left = until - clock.now();
        if (left.count() <= 0 || left > time) co_return true;  // the clock was set back: long enough
        co_await clock.sleep(left);
    }
    co_return false;
}

void Scheduler::publish_feed(FeedStatus feed) {
    auto status = std::make_shared<Status>(*status_);
    status->feed = std::move(feed);
    status_ = std::move(status);
}

boost::asio::awaitable<std::shared_ptr<const RunResult>> Scheduler::carry(News news) {
    const std::string run = request_news(std::move(news));
    auto ended = co_await result(run);
    co_return ended.has_value() ? std::move(*ended) : nullptr;
}

// What waits to begin takes in what is told meanwhile.
std::string Scheduler::request_news(News news) {
    for (Waiting& waiting : queue_) {
        if (waiting.request.dry_run) continue;
        if (waiting.request.scope.all) return waiting.id;
        if (waiting.request.trigger != Trigger::change) continue;
        waiting.request.scope.add(std::move(news.scope));
        if (news.page) {
            waiting.page = std::move(news.page);
            waiting.page_after = std::move(news.page_after);
        }
        return waiting.id;
    }
    SyncRequest request{.scope = std::move(news.scope), .dry_run = false, .trigger = Trigger::change};
    queue_.push_back({"r-" + new_uuid(), std::move(request), std::move(news.page), std::move(news.page_after)});
    clock_.wake();
    return queue_.back().id;
}

}  // namespace samsynk::agent
