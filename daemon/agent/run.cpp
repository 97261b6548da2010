#include "agent/run.hpp"

#include <algorithm>
#include <utility>

#include "agent/apply.hpp"
#include "agent/claims.hpp"
#include "agent/inventory_change.hpp"
#include "agent/park.hpp"
#include "agent/report.hpp"
#include "sync/guard.hpp"

namespace samsynk::agent {

void Run::phase(const std::string& name) {
    on_phase_(name);
    progress(name, 0, 0);
}

void Run::progress(const std::string& phase, std::size_t done, std::size_t total) {
    context_.events.publish(
        Event{.name = "run.progress",
              .level = Level::debug,
              .message = {},
              .company = {},
              .run = context_.run,
              .fields = {{"phase", phase}, {"done", std::to_string(done)}, {"total", std::to_string(total)}},
              .code = {}});
}

bool Run::by_person() const { return request_.trigger == Trigger::manual || request_.trigger == Trigger::once; }

// A run for what changed locally does not ask: what changes online comes by the change feed, which is held open.
Async<> Run::ask_online(Gather& gather) {
    if (!request_.dry_run)
        if (auto settled = co_await gather.settle(); settled.has_error()) co_return settled.error();
    if (request_.release) {
        Claims claims{context_};
        if (auto given = co_await claims.release(*request_.release, *request_.scope.companies.begin());
            given.has_error())
            co_return given.error();
    }
    bool ask =
        request_.trigger != Trigger::change || request_.scope.all || context_.memory().cursor.empty() || was_restored_;
    // Another run was quicker: what that did not see is asked for again from there.
    if (order_.page && order_.page_after == context_.memory().cursor) {
        auto page = std::exchange(order_.page, {});
        const auto last = co_await gather.take(std::move(*page));
        if (last.has_error() && last.error().code != Errc::epoch_changed) co_return last.error();
        ask = ask || last.has_error() || !*last;
    }
    if (!ask) co_return Result<void>{};
    co_return co_await gather.refresh();
}

Async<> Run::go(const Status& before) {
    phase("gather");
    Gather gather{context_};
    survey_.reset();
    views_.clear();
    plans_.clear();
    shut_.reset();
    unclaimed_.reset();
    unsent_.clear();
    std::set<std::string> configured;
    for (const auto& local : context_.sides.locals) configured.insert(local->name());
    auto forgotten = sync::forget_removed_installations(context_.memory(), configured);
    if (auto kept = co_await context_.ledger.commit(std::move(forgotten)); kept.has_error()) co_return kept.error();

    const auto online = co_await ask_online(gather);
    if (online.has_error() && online.error().code == Errc::cancelled) co_return online.error();
    // Also where the online side could not be asked: what was chosen here meanwhile is told.
    survey_.emplace(context_.sides, context_.memory(), before,
                    SurveyOptions{.look_only = request_.dry_run,
                                  .trusting = context_.sides.policy.push && request_.trigger == Trigger::manual,
                                  .by_person = by_person(),
                                  .anew = order_.list_all || gather.listed_all()});
    Scope scope = request_.scope;
    scope.all = scope.all || order_.list_all || gather.listed_all();
    co_await survey_->discover(scope, gather.changed());
    views_ = survey_->views();
    if (auto kept = co_await context_.ledger.commit(survey_->take_markers()); kept.has_error()) co_return kept.error();
    if (online.has_error()) co_return online.error();
    if (auto settled = co_await gather.settle_writes(views_); settled.has_error()) co_return settled.error();
    shut_ = gather.shut();
    if (auto planned = co_await plan(); planned.has_error()) co_return planned.error();
    leave_others(*before.companies, gather.changed());
    auto done = co_await carry_out(*before.companies);
    OnlineNames names = gather.names();
    if (!request_.dry_run) co_await tell_names(std::move(names), before);
    co_return done;
}

// Claims what is new and was refused before; a person's sync asks again for what it names.
Async<> Run::claim(bool first) {
    if (request_.dry_run || unclaimed_) co_return Result<void>{};
    ClaimsToAsk asked;
    if (first && request_.trigger == Trigger::manual) asked.again = request_.scope;
    if (first && request_.take_up) asked.take_up = request_.scope.companies;
    const auto standings = sync::identify(views_, context_.memory());
    Claims claims{context_};
    if (auto claimed = co_await claims.ask(views_, standings, std::move(asked)); claimed.has_error()) {
        if (ends_the_run(claimed.error().code)) co_return claimed.error();
        unclaimed_ = claimed.error();
        co_return Result<void>{};
    }
    co_return co_await claims.give_up_missing(views_);
}

// By what is known; where something would be done that was not read in this run, it is read and planned again.
Async<> Run::plan() {
    phase("plan");
    options_ = {.first_contact = context_.sides.policy.first_contact,
                .assume_granted = request_.dry_run,
                .mass_change_limit = context_.sides.policy.mass_change_limit,
                .now = context_.sides.earliest(context_.clock.now())};
    if (shut_) {
        options_.why_unsettled = shut_;
        for (const auto& operation : context_.memory().operations) options_.unsettled.insert(operation.company);
    }
    for (bool first = true;; first = false) {
        if (auto claimed = co_await claim(first); claimed.has_error()) co_return claimed.error();
        plans_ = sync::make_plan(sync::identify(views_, context_.memory()), context_.memory(), options_);
        resting_ = let_rest(plans_, context_.memory(), request_.trigger, request_.scope, context_.clock.now());
        if (!co_await survey_->read_before_acting(plans_)) co_return Result<void>{};
        plans_.clear();  // they point into the views
        views_ = survey_->views();
        if (auto kept = co_await context_.ledger.commit(survey_->take_markers()); kept.has_error())
            co_return kept.error();
    }
}

// What a person's run of a few came upon by the way is for the next one.
void Run::leave_others(const Inventory& known, const std::set<OrgNumber>& changed) {
    left_.clear();
    if (!by_person() || request_.scope.all) return;
    for (std::size_t i = 0; i < plans_.size(); ++i) {
        const sync::LocalCompany& local = *plans_[i].standing.local;
        if (request_.scope.names(plans_[i].standing.view->installation, local)) continue;
        const CompanyStatus* was = known.find(plans_[i].key());
        if ((!was || was->settled) && !(local.company && changed.contains(*local.company))) left_.insert(i);
    }
}

Async<> Run::carry_out(const Inventory& known) {
    if (request_.dry_run) {
        changes_ = planned_changes(plans_, context_.memory());
        std::erase_if(changes_, [&](const Change& change) {
            return !request_.scope.all && !request_.scope.companies.contains(change.company) &&
                   !request_.scope.places.contains({change.installation, change.place});
        });
        changed_ = changes_.size();
        co_return Result<void>{};
    }
    sync::Commit asked = sync::questions(plans_, views_, context_.memory(), options_);
    if (auto kept = co_await context_.ledger.commit(std::move(asked)); kept.has_error()) co_return kept.error();
    if (auto applied = co_await apply(); applied.has_error()) co_return applied.error();
    // What was planned again may have brought new questions, or settled some.
    resting_.insert(left_.begin(), left_.end());
    const ParkingInput input{plans_, views_, resting_, troubles_, known};
    const std::function<double()> random = [this] { return context_.clock.random(); };
    sync::Commit after = sync::questions(plans_, views_, context_.memory(), options_);
    sync::Commit parked = parkings(input, context_.memory(), context_.clock.now(), random);
    after.parked = std::move(parked.parked);
    after.unparked = std::move(parked.unparked);
    co_return co_await context_.ledger.commit(std::move(after));
}

Async<> Run::apply() {
    phase("apply");
    std::vector<std::size_t> chosen;
    for (std::size_t i = 0; i < plans_.size(); ++i)
        if (!left_.contains(i)) chosen.push_back(i);
    Apply apply{context_, as_history(), [this](std::size_t done, std::size_t total) { progress("apply", done, total); },
                shut_};
    auto applied = co_await apply.everything(plans_, std::move(chosen), options_);
    changes_.insert(changes_.end(), apply.changes().begin(), apply.changes().end());
    changed_ += apply.changed();
    begun_ = begun_ || apply.begun();
    to_local_ += apply.to_local();
    to_online_ += apply.to_online();
    troubles_ = apply.troubles();
    shut_ = apply.shut();
    unsent_ = apply.unsent();
    co_return applied;
}

// `names` are those that came in this run; those of companies whose name was not seen before here are looked up. After
// a start all of them are, and were told of before it. Where the store can't be read, the next run tells of it.
boost::asio::awaitable<void> Run::tell_names(OnlineNames names, const Status& before) {
    std::vector<OrgNumber> companies;
    for (const sync::CompanyPlan& plan : plans_) {
        if (before.installations.empty() || companies.size() >= batch_size) break;
        const sync::LocalCompany& local = *plan.standing.local;
        if (!local.company || local.ignored || local.name.empty()) continue;
        const CompanyStatus* was = before.companies->find(plan.key());
        if (!was || (was->found != plan.standing.local && was->name() != local.name))
            companies.push_back(*local.company);
    }
    if (!companies.empty()) {
        const auto records = co_await context_.store.records(std::move(companies));
        if (records.has_value())
            for (const sync::Record& record : *records) names.emplace(record.company, record.name);
    }
    name_notices_.tell(plans_, names, context_.events, context_.run);
}

sync::HistoryRun Run::as_history() const {
    return {.id = context_.run,
            .trigger = std::string{name_of(request_.trigger)},
            .by = request_.by,
            .started_at = started_at_,
            .finished_at = {},
            .outcome = {},
            .error = {}};
}

// A run that did nothing leaves no trace on disk; a failure that lasts leaves one.
boost::asio::awaitable<void> Run::remember(const RunResult& result) {
    const bool failed_anew =
        result.error && result.outcome == Outcome::failed && order_.failed_before != result.error->code;
    if (request_.dry_run || (changed_ == 0 && !failed_anew && !begun_)) co_return;
    sync::HistoryRun run = as_history();
    run.finished_at = result.finished_at;
    run.outcome = name_of(result.outcome);
    run.companies = static_cast<std::int64_t>(result.companies);
    run.changed = static_cast<std::int64_t>(result.changed);
    run.failed = static_cast<std::int64_t>(result.failed);
    run.held = static_cast<std::int64_t>(result.held);
    run.waiting = static_cast<std::int64_t>(result.waiting);
    run.error = result.error;
    sync::Commit commit;
    commit.runs.push_back(std::move(run));
    commit.time_is_confirmed = result.outcome == Outcome::completed && context_.sides.clock_is_confirmed();
    // Where it can't be kept, the next run tells of the disk.
    (void)co_await context_.ledger.commit(std::move(commit));
}

boost::asio::awaitable<RunReport> Run::execute(std::shared_ptr<const Status> before) {
    started_at_ = context_.clock.now();
    const auto requests_before = context_.sides.online->requests();
    context_.events.publish(Event{.name = "run.started",
                                  .level = Level::debug,
                                  .message = {N_("A run begins."), {}},
                                  .company = {},
                                  .run = context_.run,
                                  .fields = {},
                                  .code = {}});

    auto went = co_await go(*before);
    // The service was restored in mid-run: once more, on what it holds now.
    was_restored_ = went.has_error() && went.error().code == Errc::epoch_changed;
    if (was_restored_) went = co_await go(*before);

    RunReport report = this->report(*before, went.has_error() ? Reason{went.error()} : Reason{});
    RunResult& result = report.result;
    result.changed = changed_;
    result.to_local = to_local_;
    result.to_online = to_online_;
    result.changes = std::move(changes_);
    if (result.changes.size() > RunResult::max_listed)
        result.changes.erase(result.changes.begin() + RunResult::max_listed, result.changes.end());
    result.requests = context_.sides.online->requests() - requests_before;
    result.finished_at = context_.clock.now();
    co_await remember(result);
    context_.events.publish(event_of(result));
    co_return report;
}

// Where nothing was read, what was known stands.
RunReport Run::report(const Status& before, const Reason& failed) {
    RunReport report;
    RunResult& result = report.result;
    result.run = context_.run;
    result.trigger = request_.trigger;
    result.by = request_.by;
    result.dry_run = request_.dry_run;
    result.started_at = started_at_;
    result.error = failed ? failed : shut_ ? shut_ : unclaimed_;
    if (result.error) result.outcome = result.error->code == Errc::cancelled ? Outcome::cancelled : Outcome::failed;
    report.companies = before.companies;
    report.installations = before.installations;
    if (!survey_) return report;
    report.complete = survey_->is_complete();
    const Findings findings{*survey_, views_, plans_,     troubles_, unsent_,
                            left_,    shut_,  unclaimed_, failed,    request_.dry_run};
    report.installations = installations_now(findings, context_.sides, before.installations);
    for (const InstallationStatus& installation : report.installations)
        if (installation.trouble && survey_->is_listed(installation.id)) result.offline.push_back(installation);
    const InventoryChange change = inventory_change(findings, context_, *before.companies);
    report.companies = std::make_shared<const Inventory>(before.companies->with(change));
    tell_companies(report, *before.companies, change);
    return report;
}

// The counts, and a line for each company whose state is another than before.
void Run::tell_companies(RunReport& report, const Inventory& before, const InventoryChange& change) const {
    std::vector<const CompanyStatus*> looked_at;
    for (const std::string& installation : change.installations)
        if (const auto listed = change.listed.find(installation); listed != change.listed.end())
            for (const CompanyStatus& place : listed->second) looked_at.push_back(&place);
    for (const CompanyStatus& place : change.places) looked_at.push_back(&place);
    if (!request_.dry_run) publish_transitions(context_.events, context_.run, before, looked_at);
    summarize(report.result, *report.companies, request_.scope);
}

}  // namespace samsynk::agent
