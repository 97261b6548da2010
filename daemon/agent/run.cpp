#include "agent/run.hpp"

#include <algorithm>
#include <utility>

#include "agent/apply.hpp"
#include "agent/park.hpp"
#include "agent/report.hpp"
#include "sync/guard.hpp"

namespace samsynk::agent {
void Run::phase(const std::string& name) {
    context_.on_phase(name);
    progress(name, 0, 0);
}

void Run::progress(const std::string& phase, std::size_t done, std::size_t total) {
    context_.events.publish(
        Event{.name = "run.progress",
              .level = Level::debug,
              .message = {},
              .company = {},
              .run = id_,
              .fields = {{"phase", phase}, {"done", std::to_string(done)}, {"total", std::to_string(total)}},
              .code = {}});
}

bool Run::is_named(const std::string& installation, const sync::LocalCompany& local) const {
    if (request_.all() || (local.company && named_.contains(*local.company))) return true;
    return std::find(request_.places.begin(), request_.places.end(), sync::PlaceKey{installation, local.place}) !=
           request_.places.end();
}

bool Run::asked_for(const sync::CompanyPlan& plan) const {
    const sync::LocalCompany& local = *plan.standing.local;
    return part_ || (local.company && news_online_.contains(*local.company)) ||
           is_named(plan.standing.view->installation, local);
}

std::vector<std::size_t> Run::in_scope() const {
    std::vector<std::size_t> chosen;
    for (std::size_t i = 0; i < plans_.size(); ++i)
        if (asked_for(plans_[i])) chosen.push_back(i);
    return chosen;
}

bool Run::is_about_few() const {
    // A place whose number is not known is found by looking at all of its installation.
    const bool named = !request_.companies.empty() && request_.places.empty() && !request_.dry_run && !request_.release;
    return named || news_.tells();
}

// Takes in the news, and looks at what it is about. Leaves `part_` empty where the whole must be looked at.
Async<> Run::gather_part(Gather& gather, const Status& before) {
    const sync::Memory& memory = context_.ledger.memory();
    if (!memory.operations.empty() || memory.cursor.empty()) co_return Result<void>{};
    if (news_.page) {
        // Another run was quicker: what it did not see is asked for again from there.
        if (news_.page_after == memory.cursor) {
            auto page = std::exchange(news_.page, {});
            const bool more = page->more;
            if (auto taken = co_await gather.take(std::move(*page)); taken.has_error()) co_return taken.error();
            if (more) co_return Result<void>{};
        }
    } else if (!request_.companies.empty()) {
        if (auto followed = co_await gather.follow_changes(); followed.has_error()) co_return followed.error();
    }
    news_online_ = gather.changed();
    std::set<OrgNumber> companies = news_online_;
    companies.insert(request_.companies.begin(), request_.companies.end());
    PartInput input{context_.sides, memory, before, news_.places, request_.companies, companies};
    part_ = co_await find_part(std::move(input));
    if (part_) views_ = part_->views;
    co_return Result<void>{};
}

// The runs that are made at their time look for themselves; those between may go by what the connectors were told.
bool Run::may_trust() const {
    return context_.sides.policy.push && request_.all() && request_.trigger == Trigger::manual;
}

// Settles what is unclear, and learns what both sides hold now.
Async<> Run::gather(Gather& gather) {
    if (!request_.dry_run)
        if (auto settled = co_await gather.settle(); settled.has_error()) {
            views_ = co_await gather.scan(request_.dry_run, may_trust());
            scanned_ = true;
            co_return settled.error();
        }
    // Before looking: what nobody holds for this installation any more is not missing in it either.
    if (request_.release)
        if (auto given = co_await gather.release(*request_.release, request_.companies.front()); given.has_error())
            co_return given.error();
    views_ = co_await gather.scan(request_.dry_run, may_trust());
    scanned_ = true;
    if (auto kept = co_await gather.keep_marks(); kept.has_error()) co_return kept.error();
    if (auto settled = co_await gather.settle_writes(views_); settled.has_error()) co_return settled.error();
    co_return co_await gather.refresh();
}

Async<> Run::gather_whole(Gather& gather) {
    if (auto gathered = co_await this->gather(gather); gathered.has_error()) co_return gathered.error();
    if (!request_.all()) news_online_.insert(gather.changed().begin(), gather.changed().end());
    if (request_.dry_run) co_return Result<void>{};
    ClaimWishes wishes{.refused_again = request_.trigger == Trigger::manual,
                       .take_up = request_.take_up ? request_.companies : std::vector<OrgNumber>{}};
    const auto standings = sync::identify(views_, context_.ledger.memory());
    if (auto claimed = co_await gather.claim(standings, std::move(wishes)); claimed.has_error()) {
        if (ends_the_run(claimed.error().code)) co_return claimed.error();
        unclaimed_ = claimed.error();
        co_return Result<void>{};
    }
    co_return co_await gather.give_up_missing(views_, context_.events, id_);
}

Async<> Run::go(const Status& before) {
    phase("gather");
    Gather gather{context_.sides, context_.ledger, context_.clock, context_.stopping};
    plans_.clear();
    part_.reset();
    scanned_ = false;
    shut_.reset();
    unclaimed_.reset();
    unsent_.clear();
    if (is_about_few()) {
        const auto looked = co_await gather_part(gather, before);
        const bool all_anew = looked.has_error() && (looked.error().code == Errc::cursor_expired ||
                                                     looked.error().code == Errc::epoch_changed);
        if (looked.has_error() && !all_anew) co_return looked.error();
    }
    if (!part_)
        if (auto gathered = co_await gather_whole(gather); gathered.has_error()) co_return gathered.error();
    shut_ = gather.shut();
    auto planned = co_await plan_and_apply(*before.companies);
    OnlineNames names = gather.names();
    if (!request_.dry_run) co_await tell_names(std::move(names), before);
    co_return planned;
}

Async<> Run::plan_and_apply(const CompanyList& before) {
    phase("plan");
    sync::PlanOptions options{.first_contact = context_.sides.policy.first_contact,
                              .assume_granted = request_.dry_run,
                              .mass_change_limit = context_.sides.policy.mass_change_limit,
                              .now = context_.sides.earliest(context_.clock.now()),
                              .sizes = {}};
    if (part_) options.sizes = part_->sizes;
    options.installations.emplace();
    for (const auto& local : context_.sides.locals) options.installations->insert(local->name());
    if (shut_) {
        options.why_unsettled = shut_;
        for (const auto& operation : context_.ledger.memory().operations) options.unsettled.insert(operation.company);
    }
    plans_ = sync::make_plan(sync::identify(views_, context_.ledger.memory()), context_.ledger.memory(), options);
    resting_ = let_rest(plans_, context_.ledger.memory(), request_.trigger, context_.clock.now());
    if (request_.dry_run) {
        changes_ = planned_changes(plans_, context_.ledger.memory());
        std::erase_if(changes_,
                      [&](const Change& change) { return !request_.all() && !named_.contains(change.company); });
        changed_ = changes_.size();
        co_return Result<void>{};
    }
    if (auto asked = co_await ask(options); asked.has_error()) co_return asked.error();
    auto applied = co_await apply(options);
    // What was planned again may have brought new questions, or settled some.
    if (applied.has_error()) co_return applied.error();
    co_return co_await park(in_scope(), before, options);
}

Async<> Run::ask(const sync::PlanOptions& options) {
    co_return co_await context_.ledger.commit(sync::questions(plans_, context_.ledger.memory(), options));
}

Async<> Run::park(std::vector<std::size_t> chosen, const CompanyList& before, const sync::PlanOptions& options) {
    const sync::Memory& memory = context_.ledger.memory();
    const ParkingInput input{plans_, chosen, resting_, troubles_, before, options};
    const std::function<double()> random = [this] { return context_.clock.random(); };
    sync::Commit commit = sync::questions(plans_, memory, options);
    sync::Commit parked = parkings(input, memory, context_.clock.now(), random);
    commit.parked = std::move(parked.parked);
    commit.unparked = std::move(parked.unparked);
    co_return co_await context_.ledger.commit(std::move(commit));
}

sync::HistoryRun Run::as_history() const {
    return {.id = id_,
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
        result.error && result.outcome == Outcome::failed && context_.failed_before != result.error->code;
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

Async<> Run::apply(const sync::PlanOptions& options) {
    phase("apply");
    Apply apply{context_.sides,
                context_.ledger,
                context_.store,
                context_.clock,
                context_.events,
                as_history(),
                context_.stopping,
                [this](std::size_t done, std::size_t total) { progress("apply", done, total); },
                shut_};
    auto applied = co_await apply.everything(plans_, in_scope(), options);
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

boost::asio::awaitable<RunReport> Run::execute(std::shared_ptr<const Status> before) {
    RunReport report;
    RunResult& result = report.result;
    result.run = id_;
    result.trigger = request_.trigger;
    result.by = request_.by;
    result.dry_run = request_.dry_run;
    result.started_at = started_at_ = context_.clock.now();
    const auto requests_before = context_.sides.online->requests();
    context_.events.publish(Event{.name = "run.started",
                                  .level = Level::debug,
                                  .message = {N_("A run begins."), {}},
                                  .company = {},
                                  .run = id_,
                                  .fields = {},
                                  .code = {}});

    auto went = co_await go(*before);
    // The service was restored in mid-run: once more, on what it holds now.
    if (went.has_error() && went.error().code == Errc::epoch_changed) went = co_await go(*before);

    if (went.has_error() || shut_ || unclaimed_) {
        result.error = went.has_error() ? went.error() : shut_ ? *shut_ : *unclaimed_;
        result.outcome = result.error->code == Errc::cancelled ? Outcome::cancelled : Outcome::failed;
    }
    report.whole = !part_ && scanned_;
    report.installations = report.whole ? installations() : before->installations;
    for (const InstallationStatus& installation : report.installations)
        if (installation.trouble && report.whole) result.offline.push_back(installation);
    // Where nothing was read, what was known stands.
    report.companies = before->companies;
    if (part_ || scanned_) {
        report.companies = std::make_shared<const CompanyList>(
            statuses(*before->companies, went.has_error() ? result.error : Reason{}));
        tell_companies(report, *before->companies);
    }
    result.changed = changed_;
    result.to_local = to_local_;
    result.to_online = to_online_;
    result.changes = std::move(changes_);
    if (result.changes.size() > RunResult::max_listed)
        result.changes.erase(result.changes.begin() + RunResult::max_listed, result.changes.end());
    result.requests = context_.sides.online->requests() - requests_before;
    result.finished_at = context_.clock.now();
    co_await remember(result);
    publish_end(result);
    co_return report;
}

void Run::publish_end(const RunResult& result) {
    const bool nothing = result.trigger == Trigger::change && result.changed == 0;
    Event event{.name = "run.completed",
                .level = nothing ? Level::debug : Level::info,
                .message = {},
                .company = {},
                .run = id_,
                .fields = {},
                .code = {}};
    event.fields = {{"trigger", std::string{name_of(result.trigger)}},
                    {"companies", std::to_string(result.companies)},
                    {"changed", std::to_string(result.changed)},
                    {"failed", std::to_string(result.failed)},
                    {"held", std::to_string(result.held)},
                    {"waiting", std::to_string(result.waiting)},
                    {"offline", std::to_string(result.offline_companies)},
                    {"requests", std::to_string(result.requests)}};
    event.message = {N_("{companies} companies looked at, {changed} changes, {failed} failed, {held} held."),
                     event.fields};
    if (result.offline_companies > 0) {
        auto args = event.fields;
        args.emplace_back("looked_at", std::to_string(result.companies - result.offline_companies));
        event.message = {
            N_("{looked_at} of {companies} companies looked at, {changed} changes, {failed} failed, {held} "
               "held. {offline} are in installations that can't be reached."),
            std::move(args)};
    }
    if (result.error) {
        event.name = result.outcome == Outcome::cancelled ? "run.cancelled" : "run.failed";
        event.level = result.outcome == Outcome::cancelled ? Level::notice : Level::error;
        event.message = result.error->message;
        event.code = result.error->code;
        if (!result.error->detail.empty()) event.fields.emplace_back("detail", result.error->detail);
        if (is_of_service(result.error->code)) event.fields.emplace_back("side", "online");
    }
    context_.events.publish(std::move(event));
}

}  // namespace samsynk::agent
