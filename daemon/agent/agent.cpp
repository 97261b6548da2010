#include "agent/agent.hpp"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "core/ids.hpp"
#include "sync/backoff.hpp"

namespace samsynk::agent {
namespace {

constexpr std::size_t kept_results = 50;
constexpr std::chrono::milliseconds first_retry{std::chrono::seconds{5}};

std::string new_run_id() { return "r-" + new_uuid(); }

bool covers(const SyncRequest& waiting, const SyncRequest& asked) {
    if (waiting.dry_run != asked.dry_run) return false;
    if (waiting.companies.empty()) return true;
    return !asked.companies.empty() &&
           std::all_of(asked.companies.begin(), asked.companies.end(), [&](const OrgNumber& company) {
               return std::find(waiting.companies.begin(), waiting.companies.end(), company) != waiting.companies.end();
           });
}

bool is_of_service(Errc code) { return code >= Errc::service_unreachable && code <= Errc::cursor_expired; }

}  // namespace

Agent::Agent(boost::asio::any_io_executor executor, Clock& clock, Store& store, EventSink& events,
             std::shared_ptr<Sides> sides)
    : executor_{executor},
      clock_{clock},
      store_{store},
      events_{events},
      sides_{std::move(sides)},
      finished_{executor, boost::asio::steady_timer::time_point::max()} {
    auto status = std::make_shared<Status>();
    status->started_at = clock_.now();
    status_ = std::move(status);
}

Async<> Agent::open() {
    auto memory = co_await store_.load();
    if (memory.has_error()) co_return memory.error();
    ledger_ = std::make_unique<Ledger>(std::move(*memory), &store_);
    co_return Result<void>{};
}

boost::asio::awaitable<void> Agent::serve() {
    queue_.push_back({new_run_id(), SyncRequest{.companies = {}, .dry_run = false, .trigger = Trigger::start}});
    while (!stopping_) {
        if (queue_.empty()) {
            const auto wait = pause();
            auto status = std::make_shared<Status>(*status_);
            status->next_run = clock_.now() + wait;
            status_ = std::move(status);
            if (rest_) rest_();
            co_await clock_.sleep(wait);
            if (stopping_) break;
            if (queue_.empty() && clock_.now() >= *status_->next_run)
                queue_.push_back(
                    {new_run_id(), SyncRequest{.companies = {}, .dry_run = false, .trigger = Trigger::interval}});
            continue;
        }
        Waiting next = std::move(queue_.front());
        queue_.pop_front();
        co_await run(std::move(next));
    }
    for (const Waiting& waiting : queue_) {
        auto result = std::make_shared<RunResult>();
        result->run = waiting.id;
        result->outcome = Outcome::cancelled;
        result->error = fail(Errc::cancelled, N_("The daemon is stopping."));
        finish(std::move(result));
    }
    queue_.clear();
}

boost::asio::awaitable<RunResult> Agent::once(SyncRequest request) {
    Waiting only{new_run_id(), std::move(request)};  // named: GCC 12 destroys a temporary argument of a co_await twice
    const auto result = co_await run(std::move(only));
    co_return *result;
}

boost::asio::awaitable<std::shared_ptr<const RunResult>> Agent::run(Waiting next) {
    const std::shared_ptr<Sides> sides = sides_;
    running_ = next.id;
    Ledger scratch{next.request.dry_run ? ledger_->memory() : sync::Memory{}, nullptr};
    Ledger& ledger = next.request.dry_run ? scratch : *ledger_;
    Run run{RunContext{*sides, ledger, store_, clock_, events_, stopping_,
                       [this, id = next.id](const std::string& phase) { publish_phase(id, phase); }},
            next.request, next.id};
    RunReport report = co_await run.execute(status_->companies);
    auto result = std::make_shared<const RunResult>(std::move(report.result));
    running_.clear();
    if (next.request.dry_run)
        publish_phase({}, {});
    else
        publish(std::move(report), result);
    finish(result);
    co_return result;
}

void Agent::publish(RunReport report, std::shared_ptr<const RunResult> result) {
    auto status = std::make_shared<Status>();
    status->started_at = status_->started_at;
    status->last_success = status_->last_success;
    status->companies = std::make_shared<const std::vector<CompanyStatus>>(std::move(report.companies));
    status->installations = report.installations;
    status->service_trouble = status_->service_trouble;
    if (result->outcome == Outcome::completed) {
        status->service_trouble.reset();
        status->last_success = result->finished_at;
        failures_ = 0;
    } else if (result->outcome == Outcome::failed) {
        ++failures_;
        if (is_of_service(result->error->code)) status->service_trouble = result->error;
    }
    publish_service(*result);
    publish_installations(status_->installations, report.installations, result->run);
    status->last_run = std::move(result);
    status_ = std::move(status);
}

// One line when the service is lost, one when it is back.
void Agent::publish_service(const RunResult& result) {
    const bool down =
        result.error && (result.error->code == Errc::service_unreachable || result.error->code == Errc::tls_failed);
    if (down == service_down_ || result.outcome == Outcome::cancelled) return;
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
void Agent::publish_installations(const std::vector<InstallationStatus>& before,
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
        events_.publish(std::move(event));
    }
}

void Agent::publish_phase(const std::string& run, const std::string& phase) {
    auto status = std::make_shared<Status>(*status_);
    status->running = run;
    status->phase = phase;
    status_ = std::move(status);
}

void Agent::finish(std::shared_ptr<const RunResult> result) {
    result_order_.push_back(result->run);
    results_.emplace(result->run, result);
    if (result_order_.size() > kept_results) {
        results_.erase(result_order_.front());
        result_order_.pop_front();
    }
    finished_.cancel();
}

std::chrono::milliseconds Agent::pause() const {
    const auto interval = sides_->policy.interval;
    if (failures_ == 0) return sync::with_jitter(interval, clock_.random());
    const auto asked = std::chrono::milliseconds{sides_->online->retry_after()};
    return std::max(asked, sync::backoff(failures_, first_retry, interval, clock_.random()));
}

void Agent::stop() {
    stopping_ = true;
    sides_->online->cancel();
    clock_.wake();
}

void Agent::replace(std::shared_ptr<Sides> sides) {
    sides_ = std::move(sides);
    if (sides_->online->retry_after().count() > 0) {
        // A new configuration is no reason to go against what the service asked for.
        failures_ = std::max(failures_, 1U);
        clock_.wake();
        return;
    }
    failures_ = 0;
    request_sync(SyncRequest{.companies = {}, .dry_run = false, .trigger = Trigger::start});
}

std::string Agent::request_sync(SyncRequest request) {
    for (const Waiting& waiting : queue_)
        if (covers(waiting.request, request)) return waiting.id;
    queue_.push_back({new_run_id(), std::move(request)});
    clock_.wake();
    return queue_.back().id;
}

Async<std::shared_ptr<const RunResult>> Agent::result(std::string run) {
    while (true) {
        if (const auto known = results_.find(run); known != results_.end()) co_return known->second;
        const bool coming = running_ == run || std::any_of(queue_.begin(), queue_.end(),
                                                           [&](const Waiting& waiting) { return waiting.id == run; });
        if (!coming) co_return fail(Errc::not_found, N_("There is no run {run}."), {{"run", run}});
        boost::system::error_code ignored;
        co_await finished_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
    }
}

Result<CompanyStatus> Agent::place_of(const OrgNumber& company) const {
    const CompanyStatus* found = nullptr;
    for (const CompanyStatus& status : *status_->companies) {
        if (status.company() != company) continue;
        const bool aside =
            status.state == CompanyState::ignored || (status.reason && status.reason->code == Errc::duplicate);
        if (!found || !aside) found = &status;
    }
    if (!found)
        return fail(Errc::not_found, N_("No local company has the number {number}. See: samsynk companies"),
                    {{"number", company.masked()}});
    return *found;
}

LocalSide* Agent::side(const std::string& installation) const {
    for (const auto& local : sides_->locals)
        if (local->name() == installation) return local.get();
    return nullptr;
}

Async<CompanyDetail> Agent::company(OrgNumber company) {
    auto place = place_of(company);
    if (place.has_error()) co_return place.error();
    CompanyDetail detail{.status = *place, .record = {}, .other_places = {}};
    for (const CompanyStatus& other : *status_->companies)
        if (other.company() == company &&
            (other.place() != place->place() || other.installation != place->installation))
            detail.other_places.push_back(other);
    std::vector<OrgNumber> asked{company};
    auto records = co_await store_.records(std::move(asked));
    if (records.has_error()) co_return records.error();
    if (!records->empty()) detail.record = records->front();
    co_return detail;
}

Async<CompanyDetail> Agent::set_preferences(OrgNumber company, sync::Preferences choices) {
    auto place = place_of(company);
    if (place.has_error()) co_return place.error();
    if (place->reason && (place->reason->code == Errc::duplicate || place->reason->code == Errc::identity_changed))
        co_return *place->reason;
    const std::shared_ptr<Sides> sides = sides_;
    LocalSide* local = side(place->installation);
    if (!local)
        co_return fail(Errc::not_found, N_("The installation {id} is not configured any more."),
                       {{"id", place->installation}});
    auto now = co_await local->read(place->place());
    if (now.has_error()) co_return now.error();
    const sync::LocalCompany& found = **now;
    if (found.trouble) co_return *found.trouble;
    if (found.company != company)
        co_return fail(Errc::identity_changed, N_("{place} shows another company than before. Sync, and look again."),
                       {{"place", place->place()}});
    std::vector<PreferenceWrite> writes;
    for (const auto preference : sync::all_preferences)
        if (choices[preference] && choices[preference] != found.preferences[preference])
            writes.push_back(
                {place->place(), company, preference, found.preferences[preference], *choices[preference]});
    const auto results = co_await local->write_preferences(std::move(writes));
    for (const auto& result : results)
        if (result.has_error()) co_return result.error();
    std::vector<OrgNumber> scope{company};
    const std::string run =
        request_sync(SyncRequest{.companies = std::move(scope), .dry_run = false, .trigger = Trigger::manual});
    auto synced = co_await result(run);
    if (synced.has_error()) co_return synced.error();
    co_return co_await this->company(company);
}

std::vector<sync::Hold> Agent::held() const { return ledger_ ? ledger_->memory().holds : std::vector<sync::Hold>{}; }

Async<std::shared_ptr<const RunResult>> Agent::approve(std::string id, std::optional<sync::Side> take) {
    const auto holds = held();
    const auto hold = std::find_if(holds.begin(), holds.end(), [&](const sync::Hold& one) { return one.id == id; });
    if (hold == holds.end())
        co_return fail(Errc::not_found, N_("Nothing is held under {id} any more. See: samsynk held"), {{"id", id}});
    if (!hold->planned && !take)
        co_return fail(Errc::bad_request,
                       N_("{id} needs an answer to whose choices are taken: --take local or --take online."),
                       {{"id", id}});
    if (hold->planned && take && take != hold->planned)
        co_return fail(
            Errc::bad_request,
            N_("{id} can only be approved as it is planned. To keep the other side's choices, make them there "
               "anew."),
            {{"id", id}});
    sync::Commit answers;
    for (const sync::HoldRow& row : hold->rows)
        answers.approvals.push_back({hold->kind, row, take.value_or(sync::Side::local)});
    if (hold->planned)
        for (sync::Approval& answer : answers.approvals) answer.take = *hold->planned;
    if (auto kept = co_await ledger_->commit(std::move(answers)); kept.has_error()) co_return kept.error();
    SyncRequest request{.companies = {}, .dry_run = false, .trigger = Trigger::manual};
    co_return co_await result(request_sync(std::move(request)));
}

Result<void> Agent::reload() {
    if (!reload_) return fail(Errc::bad_settings, N_("This daemon can't reload."));
    return reload_();
}

}  // namespace samsynk::agent
