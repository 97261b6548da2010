#include "agent/apply.hpp"

#include <algorithm>

#include "agent/note.hpp"
#include "agent/push.hpp"
#include "core/ids.hpp"
#include "sync/followers.hpp"
#include "sync/guard.hpp"

namespace samsynk::agent {
namespace {

using sync::Action;
using sync::all_preferences;

sync::PlaceKey key_of(const sync::CompanyPlan& plan) {
    return {plan.standing.view->installation, plan.standing.local->place};
}

// The agreement as it stands, or the one that first says whose place this is.
sync::Agreement agreement_of(const sync::CompanyPlan& plan, const sync::Memory& memory) {
    const sync::LocalCompany& local = *plan.standing.local;
    if (const auto* known = memory.agreements.find_for(plan.standing.view->installation, local)) return *known;
    return {*local.company, {}, local.follows != nullptr};
}

// Where another place leads from now on, what was agreed with those before counts as a follower's: its operations are
// not theirs, and should they lead again, what differs is asked about.
void replace_leaders(sync::Commit& commit, const sync::CompanyPlan& plan, const sync::Memory& memory,
                     const Sides& sides) {
    if (!plan.standing.new_part || plan.standing.local->follows) return;
    for (const auto& side : sides.locals)
        for (const auto& [place, agreement] : memory.agreements.of(side->name())) {
            const sync::PlaceKey key{side->name(), place};
            if (key == key_of(plan) || agreement.company != *plan.standing.local->company || agreement.follows)
                continue;
            commit.agreements.push_back({key, {agreement.company, agreement.base, true}});
        }
}

// What is to be done first: where places follow others, those others.
std::vector<std::size_t> take_followers(const std::vector<sync::CompanyPlan>& plans, std::vector<std::size_t>& chosen) {
    const auto first = std::stable_partition(
        chosen.begin(), chosen.end(), [&](const std::size_t index) { return !plans[index].standing.local->follows; });
    std::vector<std::size_t> followers{first, chosen.end()};
    chosen.erase(first, chosen.end());
    return followers;
}

// What stands at the place now, for the plan and for what is published.
template <class Change>
void enter(sync::CompanyPlan& plan, Change change) {
    sync::LocalCompany now = *plan.standing.local;
    change(now);
    plan.standing.local = std::make_shared<const sync::LocalCompany>(std::move(now));
}

template <class T>
std::vector<std::vector<T>> in_batches(const std::vector<T>& all) {
    std::vector<std::vector<T>> batches;
    for (std::size_t at = 0; at < all.size(); at += batch_size)
        batches.emplace_back(all.begin() + static_cast<long>(at),
                             all.begin() + static_cast<long>(std::min(all.size(), at + batch_size)));
    return batches;
}

}  // namespace

void Apply::begin(sync::Commit& journal) {
    if (!std::exchange(begun_, true)) journal.runs.push_back(run_);
}

void Apply::note(Change change) {
    context_.events.publish(event_of(change, run_.id));
    ++changed_;
    to_local_ += change.kind == Change::Kind::to_local;
    to_online_ += change.kind == Change::Kind::to_online;
    if (changes_.size() < RunResult::max_listed) changes_.push_back(std::move(change));
}

Async<> Apply::everything(Plans& plans, Indexes chosen, const sync::PlanOptions& options) {
    const Indexes all = chosen;
    total_ = chosen.size();
    Indexes following = take_followers(plans, chosen);
    if (auto done = co_await carry_out(plans, std::move(chosen), options); done.has_error()) co_return done.error();
    if (!following.empty()) {
        sync::plan_followers(plans, following, context_.memory(), sync::Progress::done);
        sync::guard(plans, following, context_.memory(), options);
        if (auto done = co_await carry_out(plans, std::move(following), options); done.has_error())
            co_return done.error();
    }
    if (auto remembered = co_await remember_answers(plans, all); remembered.has_error()) co_return remembered.error();
    co_return co_await tell(plans, all);
}

Async<> Apply::carry_out(Plans& plans, Indexes chosen, const sync::PlanOptions& options) {
    for (int attempt = 0; attempt < 4 && !chosen.empty(); ++attempt) {
        overtaken_.clear();
        if (auto agreed = co_await agree(plans, chosen); agreed.has_error()) co_return agreed.error();
        if (auto wrote = co_await write_local(plans, chosen); wrote.has_error()) co_return wrote.error();
        if (auto pushed = co_await push(plans, chosen); pushed.has_error()) co_return pushed.error();
        if (overtaken_.empty()) break;
        std::sort(overtaken_.begin(), overtaken_.end());
        overtaken_.erase(std::unique(overtaken_.begin(), overtaken_.end()), overtaken_.end());
        if (attempt == 3) break;
        for (const std::size_t index : overtaken_) troubles_.erase(index);
        co_await plan_again(plans, options);
        chosen = overtaken_;
    }
    co_return Result<void>{};
}

// Where a person decided, the agreement was not written ahead (see plan_company): now that both sides are equal, it is.
Async<> Apply::remember_answers(const Plans& plans, const Indexes& chosen) {
    sync::Commit commit;
    for (const std::size_t index : chosen) {
        const sync::CompanyPlan& plan = plans[index];
        if (!plan.acting() || plan.bind || plan.standing.agreement || !plan.answered()) continue;
        const auto online = context_.memory().online.find(*plan.standing.local->company);
        if (online == context_.memory().online.end()) continue;
        const sync::Preferences& local = plan.standing.local->preferences;
        if (local != online->second.preferences) continue;
        const bool follows = plan.standing.local->follows != nullptr;
        commit.agreements.push_back({key_of(plan), {*plan.standing.local->company, local, follows}});
        replace_leaders(commit, plan, context_.memory(), context_.sides);
    }
    co_return co_await context_.ledger.commit(std::move(commit));
}

boost::asio::awaitable<void> Apply::plan_again(Plans& plans, const sync::PlanOptions& options) {
    Indexes followers;
    for (const std::size_t index : overtaken_) {
        sync::CompanyPlan& plan = plans[index];
        for (const auto& side : context_.sides.locals) {
            if (side->name() != plan.standing.view->installation) continue;
            auto now = co_await side->read(plan.standing.local->place);
            if (now.has_error())
                plan.standing.set_aside = now.error();
            else if ((*now)->company != plan.standing.local->company && !(*now)->trouble)
                plan.standing.set_aside =
                    fail(Errc::identity_changed, N_("{place} shows another company than before. Sync, and look again."),
                         {{"place", plan.standing.local->place}});
            else
                plan.standing.local = sync::settle(std::move(*now), side->name(), context_.sides.policy.settled);
        }
        sync::Standing standing = plan.standing;
        standing.agreement = context_.memory().agreements.find_for(standing.view->installation, *standing.local);
        if (!standing.set_aside && standing.local->trouble) standing.set_aside = standing.local->trouble;
        plan = standing.local->follows ? sync::CompanyPlan{.standing = standing, .reason = {}}
                                       : sync::plan_company(standing, context_.memory(), options);
        if (standing.local->follows) followers.push_back(index);
    }
    sync::plan_followers(plans, followers, context_.memory(), sync::Progress::done);
    sync::guard(plans, overtaken_, context_.memory(), options);
}

Async<> Apply::agree(Plans& plans, const Indexes& chosen) {
    sync::Commit commit;
    for (const std::size_t index : chosen) {
        const sync::CompanyPlan& plan = plans[index];
        if (!plan.acting() || !(plan.bind || plan.has(Action::rebase))) continue;
        sync::Agreement agreement = agreement_of(plan, context_.memory());
        for (const auto preference : all_preferences)
            if (plan.step(preference).action == Action::rebase)
                agreement.base[preference] = plan.step(preference).value;
        // Without the right to bind, what is equal is not remembered either: the base stays lost as a whole.
        if (plan.bind || plan.standing.agreement) commit.agreements.push_back({key_of(plan), agreement});
        if (plan.bind) replace_leaders(commit, plan, context_.memory(), context_.sides);
    }
    co_return co_await context_.ledger.commit(std::move(commit));
}

Async<> Apply::write_local(Plans& plans, const Indexes& chosen) {
    for (const auto& side : context_.sides.locals) {
        std::vector<LocalStep> steps;
        for (const std::size_t index : chosen) {
            if (!plans[index].acting() || plans[index].standing.view->installation != side->name()) continue;
            for (const auto preference : all_preferences)
                if (plans[index].step(preference).action == Action::write_local) steps.push_back({index, preference});
        }
        for (auto& batch : in_batches(steps)) {
            if (auto on = context_.going_on(); on.has_error()) co_return on.error();
            const std::size_t count = batch.size();
            auto wrote = co_await write_batch(plans, *side, std::move(batch));
            if (wrote.has_error()) co_return wrote.error();
            done(count);
        }
    }
    co_return Result<void>{};
}

Async<> Apply::write_batch(Plans& plans, LocalSide& local, std::vector<LocalStep> batch) {
    sync::Commit journal;
    std::vector<PreferenceWrite> writes;
    for (const LocalStep& at : batch) {
        const sync::CompanyPlan& plan = plans[at.plan];
        const sync::Step& step = plan.step(at.preference);
        const OrgNumber company = *plan.standing.local->company;
        journal.intents.push_back({key_of(plan), company, at.preference, step.local, *step.value,
                                   step.overwrites() && !step.approved, run_.id, told_rule(step)});
        writes.push_back({plan.standing.local->place, company, at.preference, step.local, *step.value});
    }
    begin(journal);
    const std::vector<sync::LocalIntent> intents = journal.intents;
    if (auto kept = co_await context_.ledger.commit(std::move(journal)); kept.has_error()) co_return kept.error();
    const auto results = co_await local.write_preferences(std::move(writes));

    std::map<sync::PlaceKey, sync::Agreement> agreed;
    sync::Commit record;
    for (std::size_t i = 0; i < batch.size() && i < results.size(); ++i) {
        sync::CompanyPlan& plan = plans[batch[i].plan];
        const auto preference = batch[i].preference;
        if (results[i].has_error()) {
            troubles_.insert_or_assign(batch[i].plan, results[i].error());
            if (results[i].error().code != Errc::changed_meanwhile) continue;
            overtaken_.push_back(batch[i].plan);
            record.intents_done.emplace_back(key_of(plan), preference);
            continue;
        }
        auto& agreement = agreed.try_emplace(key_of(plan), agreement_of(plan, context_.memory())).first->second;
        agreement.base[preference] = plan.step(preference).value;
        record.intents_done.emplace_back(key_of(plan), preference);
        record.approvals_done.emplace_back(key_of(plan), preference);
        if (plan.step(preference).overwrites() && !plan.step(preference).approved)
            record.overwrites.push_back(
                {local.name(), sync::Side::online, agreement.company, context_.sides.latest(context_.clock.now())});
        record.history.push_back(history_of(intents[i], context_.clock.now()));
        enter(plan, [&](auto& found) { found.preferences[preference] = plan.step(preference).value; });
        note(change_of(plan, preference));
    }
    for (const auto& [key, agreement] : agreed)
        if (const auto* known = context_.memory().agreements.find(key);
            known && known->company == agreement.company && known->follows == agreement.follows)
            record.agreements.push_back({key, agreement});
    co_return co_await context_.ledger.commit(std::move(record));
}

Async<> Apply::push(Plans& plans, const Indexes& chosen) {
    Indexes pushing;
    for (const std::size_t index : chosen)
        if (plans[index].acting() && plans[index].has(Action::push)) pushing.push_back(index);
    for (auto& batch : in_batches(pushing)) {
        if (auto on = context_.going_on(); on.has_error()) co_return on.error();
        const Indexes sent = batch;
        if (!shut_)
            if (auto pushed = co_await push_batch(plans, std::move(batch)); pushed.has_error())
                co_return pushed.error();
        if (shut_) unsent_.insert(sent.begin(), sent.end());
        done(sent.size());
    }
    co_return Result<void>{};
}

Async<> Apply::push_batch(Plans& plans, Indexes batch) {
    sync::Commit journal;
    std::map<OrgNumber, std::size_t> by_company;
    std::map<OrgNumber, sync::PlaceKey> from;
    for (const std::size_t index : batch) {
        const sync::CompanyPlan& plan = plans[index];
        from.emplace(*plan.standing.local->company, key_of(plan));
        sync::Operation operation{.id = new_uuid(),
                                  .installation = context_.sides.uuids.at(plan.standing.view->installation),
                                  .company = *plan.standing.local->company,
                                  .if_version = plan.version,
                                  .set = {},
                                  .created_at = context_.clock.now(),
                                  .told = {.run = run_.id, .was = {}, .rules = {}}};
        for (const auto preference : all_preferences) {
            const sync::Step& step = plan.step(preference);
            if (step.action != Action::push) continue;
            operation.set[preference] = step.value;
            operation.told.was[preference] = step.online;
            operation.told.rules[static_cast<std::size_t>(preference)] = told_rule(step);
            operation.overwrites = operation.overwrites || (step.overwrites() && !step.approved);
        }
        by_company.emplace(operation.company, index);
        replace_leaders(journal, plan, context_.memory(), context_.sides);
        journal.operations.push_back(std::move(operation));
    }
    begin(journal);
    const std::vector<sync::Operation> operations = journal.operations;
    if (auto kept = co_await context_.ledger.commit(std::move(journal)); kept.has_error()) co_return kept.error();
    auto results = co_await push_in_parts(*context_.sides.online, context_.memory().epoch, operations);
    if (results.has_error() && (results.error().code == Errc::epoch_changed || !is_of_service(results.error().code)))
        co_return results.error();
    if (results.has_error()) {
        shut_ = results.error();
        co_return Result<void>{};
    }

    PushOutcome outcome =
        outcome_of(operations, *results, context_.memory(), context_.sides, context_.clock.now(), from);
    if (auto kept = co_await context_.ledger.commit(std::move(outcome.commit)); kept.has_error())
        co_return kept.error();
    for (const sync::Operation& operation : outcome.applied)
        for (const auto preference : all_preferences)
            if (operation.set[preference]) note(change_of(plans[by_company.at(operation.company)], preference));
    for (const OrgNumber& company : outcome.outdated) {
        const std::size_t index = by_company.at(company);
        overtaken_.push_back(index);
        troubles_.insert_or_assign(
            index, fail(Errc::version_mismatch,
                        N_("{number} changed online again and again while it was sent. It is tried again."),
                        {{"number", company.masked()}}));
    }
    for (auto& [company, error] : outcome.refused) troubles_.insert_or_assign(by_company.at(company), std::move(error));
    co_return Result<void>{};
}

Async<> Apply::tell(Plans& plans, const Indexes& chosen) {
    for (const auto& side : context_.sides.locals) {
        if (!side->capabilities().write_collaboration) continue;
        Indexes untold;
        for (const std::size_t index : chosen) {
            const sync::CompanyPlan& plan = plans[index];
            if (!plan.acting() || plan.standing.view->installation != side->name()) continue;
            const auto online = context_.memory().online.find(*plan.standing.local->company);
            if (online == context_.memory().online.end() || online->second.gone || online->second.problem) continue;
            // What is told is also the mark that we were here: not before it is remembered whose place this is.
            const sync::Agreement* agreed = context_.memory().agreements.find(key_of(plan));
            if (!plan.standing.local->notice && !(agreed && agreed->company == *plan.standing.local->company)) continue;
            if (plan.standing.local->notice != online->second.notice) untold.push_back(index);
        }
        for (auto& batch : in_batches(untold)) {
            if (auto on = context_.going_on(); on.has_error()) co_return on.error();
            const std::size_t count = batch.size();
            if (auto told = co_await tell_batch(plans, *side, std::move(batch)); told.has_error())
                co_return told.error();
            done(count);
        }
    }
    co_return Result<void>{};
}

Async<> Apply::tell_batch(Plans& plans, LocalSide& local, Indexes batch) {
    std::multimap<OrgNumber, std::size_t> by_company;  // one may stand at several places
    std::vector<OrgNumber> companies;
    for (const std::size_t index : batch) {
        const OrgNumber& company = *plans[index].standing.local->company;
        if (!by_company.contains(company)) companies.push_back(company);
        by_company.emplace(company, index);
    }
    auto records = co_await context_.store.records(std::move(companies));
    if (records.has_error()) co_return records.error();
    std::vector<NoticeWrite> writes;
    Indexes written;
    for (const sync::Record& record : *records)
        for (auto [at, end] = by_company.equal_range(record.company); at != end; ++at) {
            written.push_back(at->second);
            writes.push_back({plans[at->second].standing.local->place, sync::notice_of(record)});
        }
    const std::vector<NoticeWrite> sent = writes;
    const auto results = co_await local.write_notices(std::move(writes));
    sync::Commit record;
    for (std::size_t i = 0; i < written.size() && i < results.size(); ++i) {
        sync::CompanyPlan& plan = plans[written[i]];
        if (results[i].has_error()) {
            troubles_.insert_or_assign(written[i], results[i].error());
            continue;
        }
        const auto before = plan.standing.local->notice;
        const std::uint64_t now = sync::fingerprint(sent[i].notice);
        enter(plan, [&](auto& found) { found.notice = now; });
        if (before && sync::only_effect_differs(*before, now)) continue;  // the choice itself has been told of
        Change change = change_of(plan, sync::Preference::send_all_invoices);
        change.kind = Change::Kind::collaboration;
        change.preference.reset();
        change.from = change.to = std::nullopt;
        change.collaboration = sent[i].notice.collaboration.state;
        note(std::move(change));
        begin(record);
        record.history.push_back(history_of(sent[i].notice, key_of(plan), run_.id, context_.clock.now()));
    }
    co_return co_await context_.ledger.commit(std::move(record));
}

}  // namespace samsynk::agent
