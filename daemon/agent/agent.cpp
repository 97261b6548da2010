#include "agent/agent.hpp"

#include <algorithm>

#include "agent/explain.hpp"
#include "agent/report.hpp"
#include "agent/revert.hpp"

namespace samsynk::agent {
namespace {

constexpr std::size_t explained_runs = 400;  ///< how far back a company's last changes are looked for

// Whether what was chosen is online by now: a run may fail of something else.
bool arrived(const sync::Preferences& choices, const sync::Preferences& online) {
    return std::all_of(sync::all_preferences.begin(), sync::all_preferences.end(), [&](auto preference) {
        return !choices[preference] || choices[preference] == online[preference];
    });
}

Error no_such_company(const OrgNumber& company) {
    return fail(Errc::not_found, N_("No local company has the number {number}. See: samsynk companies"),
                {{"number", company.masked()}});
}

Error no_such_place(const CompanyStatus& place) {
    return fail(Errc::not_found, N_("{place} has no organisation number. See: samsynk explain {place}"),
                {{"place", place.installation + ":" + place.place()}});
}

Error only_follows(const CompanyStatus& place) {
    return fail(Errc::followed_choice, N_("{place} follows {leader}. Choose there; it is written to both."),
                {{"place", place.installation + ":" + place.place()},
                 {"leader", place.found->follows->installation + ":" + place.found->follows->place}});
}

Error counts_for_nothing(const CompanyStatus& place) {
    return fail(Errc::bad_request,
                N_("{place} is ignored, so a choice there counts for nothing. Choose where it counts."),
                {{"place", place.installation + ":" + place.place()}});
}

// The number that was asked by, also where the place does not tell it now; or the place's own.
std::optional<OrgNumber> number_of(const CompanyRef& company, const CompanyStatus& place) {
    if (const auto* number = std::get_if<OrgNumber>(&company)) return *number;
    return place.company();
}

// Absence is no choice, so it can't be put in the place of one; nor may a no become a yes.
Error nothing_to_take(const std::string& id, const sync::HoldRow& row) {
    return fail(
        Errc::bad_request,
        N_("Nothing is chosen online for {place}, so there is nothing to put back. Take the choice away there, or "
           "answer {id} with --take local."),
        {{"place", row.key.installation + ":" + row.key.place}, {"id", id}});
}

Error not_configured(const std::string& id) {
    return fail(Errc::not_found, N_("No installation is called {id}. See: samsynk installations"), {{"id", id}});
}

// Whose place it is, or why that can't be told.
Probe read_probe(const LocalSide& local, const std::string& place, const Result<sync::LocalCompanyPtr>& now) {
    const std::string where = local.name() + ":" + place;
    if (now.has_error()) return {.what = {N_("{place} is read."), {{"place", where}}}, .trouble = now.error()};
    const sync::LocalCompany& company = **now;
    if (!company.company) return {.what = {N_("{place} is read."), {{"place", where}}}, .trouble = company.trouble};
    return {.what = {N_("{place} is {name}, {number}, by {source}."),
                     {{"place", where},
                      {"name", company.name.empty() ? "?" : company.name},
                      {"number", company.company->masked()},
                      {"source", company.identity_source}}},
            .trouble = company.trouble};
}

}  // namespace

// Also the place that it was agreed with and whose number can't be told now.
Result<CompanyStatus> Agent::place_of(const OrgNumber& company) const {
    auto places = status_->companies->with_number(company);
    for (const sync::PlaceKey& key : status_->companies->unsettled())
        if (const CompanyStatus* place = status_->companies->find(key); was_agreed(*place, company))
            places.push_back(place);
    if (places.empty()) return no_such_company(company);
    const auto counts = std::find_if(places.begin(), places.end(), [](const CompanyStatus* place) {
        return !place->found->follows && place->state != CompanyState::ignored &&
               !(place->reason && place->reason->code == Errc::duplicate);
    });
    return **(counts == places.end() ? places.begin() : counts);
}

Result<CompanyStatus> Agent::place_of(const CompanyRef& company) const {
    if (const auto* number = std::get_if<OrgNumber>(&company)) return place_of(*number);
    const auto& key = std::get<sync::PlaceKey>(company);
    if (const CompanyStatus* place = status_->companies->find(key)) return *place;
    return fail(Errc::not_found, N_("No company is in {place}. See: samsynk companies"),
                {{"place", key.installation + ":" + key.place}});
}

bool Agent::was_agreed(const CompanyStatus& place, const OrgNumber& company) const {
    if (place.company() || !ledger_) return false;
    const auto* known = ledger_->memory().agreements.find({place.installation, place.place()});
    return known && known->company == company;
}

Async<sync::LocalCompanyPtr> Agent::read_place(const Sides& sides, const CompanyStatus& place) const {
    LocalSide* local = side(sides, place.installation);
    if (!local)
        co_return fail(Errc::not_found, N_("The installation {id} is not configured any more."),
                       {{"id", place.installation}});
    auto now = co_await local->read(place.place());
    if (now.has_error()) co_return now.error();
    if ((*now)->trouble) co_return *(*now)->trouble;
    if ((*now)->company != place.company())
        co_return fail(Errc::identity_changed, N_("{place} shows another company than before. Sync, and look again."),
                       {{"place", place.place()}});
    co_return std::move(*now);
}

// Asks for the run that carries on what was chosen locally, and notes who it was. The choices stand either way.
boost::asio::awaitable<std::string> Agent::sync_choices(std::vector<sync::HistoryChange> choices, std::string by,
                                                        Scope scope) {
    SyncRequest request{.scope = std::move(scope), .trigger = Trigger::manual, .by = by};
    const std::string run = request_sync(std::move(request));
    sync::Commit commit;
    for (sync::HistoryChange& choice : choices) {
        choice.run = run;
        choice.by = by;
    }
    commit.history = std::move(choices);
    (void)co_await ledger_->commit(std::move(commit));
    co_return run;
}

Async<CompanyDetail> Agent::company(CompanyRef company) {
    auto place = place_of(company);
    if (place.has_error()) co_return place.error();
    CompanyDetail detail{.status = *place, .record = {}, .other_places = {}};
    const auto number = number_of(company, *place);
    if (!number) co_return detail;
    for (const CompanyStatus* other : status_->companies->with_number(*number))
        if (other->key() != place->key()) detail.other_places.push_back(*other);
    std::vector<OrgNumber> asked{*number};
    auto records = co_await store_.records(std::move(asked));
    if (records.has_error()) co_return records.error();
    if (!records->empty()) detail.record = records->front();
    co_return detail;
}

Async<CompanyDetail> Agent::set_preferences(CompanyRef company, sync::Preferences choices, std::string by) {
    auto place = place_of(company);
    if (place.has_error()) co_return place.error();
    if (place->found->follows) co_return only_follows(*place);
    if (place->found->ignored) co_return counts_for_nothing(*place);
    const auto number = number_of(company, *place);
    if (!number) co_return place->reason ? *place->reason : no_such_place(*place);
    if (place->reason && sync::is_of_identity(place->reason->code)) co_return *place->reason;
    const std::shared_ptr<Sides> sides = sides_;
    const auto now = co_await read_place(*sides, *place);
    if (now.has_error()) co_return now.error();
    std::vector<LocalChoice> wanted;
    for (const auto preference : sync::all_preferences) {
        const sync::Choice before = (*now)->preferences[preference];
        if (choices[preference] && choices[preference] != before)
            wanted.push_back(
                {place->installation, {place->place(), *number, preference, before, *choices[preference]}});
    }
    const MadeChoices made = co_await choose(sides, std::move(wanted), clock_.now());
    const std::string run = co_await sync_choices(made.made, std::move(by), Scope::of_company(*number));
    if (!made.refused.empty()) co_return made.refused.front().why;
    const auto synced = co_await result(run);
    if (synced.has_error()) co_return synced.error();
    auto detail = co_await this->company(company);
    if (detail.has_value() && (*synced)->error && !arrived(choices, detail->status.online)) {
        // It was written, whatever became of the run after it.
        if (const auto again = co_await read_place(*sides, *place); again.has_value()) detail->status.found = *again;
        detail->status.state = CompanyState::waiting;
        detail->status.reason =
            fail((*synced)->error->code,
                 N_("The choice is kept here. It can't be sent now, and is as soon as that is possible."));
    }
    co_return detail;
}

Async<std::vector<sync::HistoryEntry>> Agent::history_of(std::optional<OrgNumber> company) {
    if (!company) co_return std::vector<sync::HistoryEntry>{};
    sync::HistoryQuery query{.company = company, .run = {}, .limit = explained_runs};
    co_return co_await store_.history(std::move(query));
}

Async<Explanation> Agent::explain(CompanyRef company) {
    auto detail = co_await this->company(company);
    if (detail.has_error()) co_return detail.error();
    const std::shared_ptr<Sides> sides = sides_;
    const auto number = number_of(company, detail->status);
    const auto history = co_await history_of(number);
    if (history.has_error()) co_return history.error();
    sync::LocalCompanyPtr found = detail->status.found;
    std::vector<Message> trail;
    if (LocalSide* local = side(*sides, detail->status.installation)) {
        auto now = co_await local->read(detail->status.place());
        if (now.has_value()) found = sync::settle(std::move(*now), local->name(), sides->policy.settled);
        auto told = co_await local->identity_trail(detail->status.place());
        if (told.has_value()) trail = std::move(*told);
    }
    const LocalSide* at = side(*sides, detail->status.installation);
    const bool keeps_notices = !at || at->capabilities().write_collaboration;
    const sync::PlanOptions options{
        .first_contact = keeps_notices ? sides->policy.first_contact : sync::FirstContact::hold,
        .mass_change_limit = sides->policy.mass_change_limit,
        .now = clock_.now()};
    auto explanation =
        explanation_of(number, std::move(*detail), std::move(found), ledger_->memory(), options, *history);
    explanation.identity_trail = std::move(trail);
    co_return explanation;
}

Async<std::vector<sync::HistoryEntry>> Agent::history(sync::HistoryQuery query) {
    return store_.history(std::move(query));
}

// The turns are choices like any other: compare-and-set at the local place, and the sync carries them on, guarded.
Async<Reverted> Agent::revert(std::string run, std::string by) {
    sync::HistoryQuery query{.company = {}, .run = run, .limit = 1};
    const auto found = co_await store_.history(std::move(query));
    if (found.has_error()) co_return found.error();
    if (found->empty()) co_return fail(Errc::not_found, N_("The history has no run {run}."), {{"run", run}});
    RevertPlan plan = plan_revert(found->front(), *status_->companies);
    MadeChoices turned = co_await choose(sides_, std::move(plan.turns), clock_.now());
    Reverted reverted{.count = turned.made.size(), .skipped = std::move(plan.skipped), .run = {}};
    for (RefusedChoice& refused : turned.refused) {
        if (refused.why.code == Errc::changed_meanwhile) refused.why = changed_since();
        reverted.skipped.push_back(std::move(refused));
    }
    if (turned.made.empty()) co_return reverted;
    Scope scope;
    for (const sync::HistoryChange& choice : turned.made) scope.companies.insert(choice.company);
    const std::string following = co_await sync_choices(std::move(turned.made), std::move(by), std::move(scope));
    auto synced = co_await result(following);
    if (synced.has_error()) co_return synced.error();
    reverted.run = std::move(*synced);
    co_return reverted;
}

// The installation whose claim stands in the way, or is to be given up; empty where nobody knows of one.
std::string Agent::holder_of(const OrgNumber& company, const Result<CompanyStatus>& place) const {
    std::string mine, anothers;
    for (const auto& [installation, claims] : ledger_->memory().claims) {
        if (place.has_value() && place->installation != installation) continue;
        const auto refused = claims.refused.find(company);
        if (refused != claims.refused.end() && refused->second.status == sync::ClaimStatus::held)
            anothers = refused->second.holder;
        if (claims.granted.contains(company)) mine = sides_->uuid_of(installation);
    }
    if (mine.empty() && place.has_value()) mine = sides_->uuid_of(place->installation);
    return anothers.empty() ? mine : anothers;
}

// By the number alone where the place, or its whole installation, is there no more.
Async<std::shared_ptr<const RunResult>> Agent::release(OrgNumber company, std::string by) {
    const auto place = place_of(company);
    std::string holder = holder_of(company, place);
    if (holder.empty() && place.has_error()) co_return place.error();
    if (holder.empty())
        co_return fail(Errc::rejected,
                       N_("{number} is held by another installation, but the service does not say by which. Release it "
                          "there."),
                       {{"number", company.masked()}});
    SyncRequest request{.scope = Scope::of_company(company),
                        .trigger = Trigger::manual,
                        .by = std::move(by),
                        .release = std::move(holder)};
    if (!has_room(request))
        co_return fail(Errc::too_many, N_("Too many runs are waiting already. Try again in a moment."));
    const std::string run = request_sync(std::move(request));
    co_return co_await result(run);
}

std::vector<sync::Hold> Agent::held() const { return ledger_ ? ledger_->memory().holds : std::vector<sync::Hold>{}; }

Async<std::shared_ptr<const RunResult>> Agent::approve(std::string id, std::optional<sync::Side> take, std::string by) {
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
    std::vector<LocalChoice> at_leaders;
    for (const sync::HoldRow& row : hold->rows) {
        const sync::Side side = hold->planned ? *hold->planned : take.value_or(sync::Side::local);
        // By the configuration, as nothing need have been looked at yet.
        const auto leader =
            row.preference && row.local ? sync::leader_of(row.key, row.company, sides_->policy.settled) : nullptr;
        // A yes to the choice of a place that follows is a choice at the place that leads.
        if (leader && side == sync::Side::online && !row.online) co_return nothing_to_take(id, row);
        if (leader && side == sync::Side::local)
            at_leaders.push_back(
                {leader->installation, {leader->place, row.company, *row.preference, row.online, *row.local}});
        else
            answers.approvals.push_back({hold->kind, row, side});
    }
    if (auto kept = co_await ledger_->commit(std::move(answers)); kept.has_error()) co_return kept.error();
    MadeChoices made = co_await choose(sides_, std::move(at_leaders), clock_.now());
    const std::string run = co_await sync_choices(std::move(made.made), std::move(by), Scope::everything());
    auto synced = co_await result(run);
    if (!made.refused.empty()) co_return made.refused.front().why;
    co_return synced;
}

std::vector<InstallationDetail> Agent::installations() const {
    std::vector<InstallationDetail> all;
    for (const auto& local : sides_->locals) {
        InstallationDetail detail{.status = status_of(*local)};
        for (const InstallationStatus& known : status_->installations)
            if (known.id == detail.status.id) {
                detail.status.companies = known.companies;
                detail.status.trouble = known.trouble;
            }
        for (const CompanyStatus& company : *status_->companies) {
            if (company.installation != detail.status.id) continue;
            detail.synced += company.state == CompanyState::synced;
            detail.problems += company.state == CompanyState::held || company.state == CompanyState::failed;
        }
        all.push_back(std::move(detail));
    }
    return all;
}

Async<std::vector<Probe>> Agent::test_installation(std::string id, std::optional<std::string> place) {
    const std::shared_ptr<Sides> sides = sides_;
    LocalSide* local = side(*sides, id);
    if (!local) co_return not_configured(id);
    if (!place) co_return co_await local->test();
    const auto now = co_await local->read(*place);
    std::vector<Probe> probes{read_probe(*local, *place, now)};
    auto trail = co_await local->identity_trail(*place);
    if (now.has_value() && trail.has_value())
        for (Message& sentence : *trail) probes.push_back({.what = std::move(sentence), .trouble = {}});
    co_return probes;
}

Async<Preparation> Agent::prepare_installation(std::string id, bool apply) {
    const std::shared_ptr<Sides> sides = sides_;
    LocalSide* local = side(*sides, id);
    if (!local) co_return not_configured(id);
    auto prepared = co_await local->prepare(apply);
    if (prepared.has_value() && prepared->applied) {
        request_sync(SyncRequest{.trigger = Trigger::manual});
    }
    co_return prepared;
}

}  // namespace samsynk::agent
