#include "agent/claims.hpp"

#include <algorithm>
#include <set>
#include <unordered_set>

namespace samsynk::agent {
namespace {

using std::chrono::hours;

// What is of the future was noted by a clock that was wrong: as good as old.
bool is_older(Time noted, hours age, Time now) { return now - noted > age || noted - now > age; }

// Whether a claim must be asked for: never asked, or refused and worth asking again. When those of an installation were
// asked for last counts where all of it is looked at, so that all are asked for again together.
bool must_ask(const sync::Standing& standing, const sync::Memory& memory, const sync::ClaimsOf* known,
              const ClaimsToAsk& asked, Time now) {
    const OrgNumber& company = *standing.local->company;
    if (!known) return true;
    const auto status = known->status(company);
    if (!status) return true;
    const auto is_due = [&](hours age) { return standing.view->listed && is_older(known->asked_at, age, now); };
    if (status == sync::ClaimStatus::granted) return is_due(hours{24});
    if (status == sync::ClaimStatus::released) return asked.take_up.contains(company);
    if (asked.again.names(standing.view->installation, *standing.local) || is_due(hours{1})) return true;
    // A company that the service did not know, and that has entered the account since.
    const auto view = memory.online.find(company);
    return status == sync::ClaimStatus::unknown && view != memory.online.end() && !view->second.gone;
}

void add_others(std::vector<OrgNumber>& companies, const sync::LocalView& view) {
    for (const sync::LocalCompanyPtr& local : view.others)
        if (local->company && !local->ignored && !local->follows) companies.push_back(*local->company);
}

// All that is known of an installation's claims, but for those of `news`.
void keep_others(sync::ClaimsUpdate& update, const sync::Memory& memory, const std::unordered_set<OrgNumber>& news) {
    const auto known = memory.claims.find(update.installation);
    if (known == memory.claims.end()) return;
    for (sync::Claim& claim : known->second.all())
        if (!news.contains(claim.company)) update.claims.push_back(std::move(claim));
}

}  // namespace

Async<> Claims::ask(const std::vector<sync::LocalView>& views, const std::vector<sync::Standing>& standings,
                    ClaimsToAsk asked) {
    for (const auto& local : context_.sides.locals) {
        const auto found = context_.memory().claims.find(local->name());
        const sync::ClaimsOf* known = found == context_.memory().claims.end() ? nullptr : &found->second;
        std::vector<OrgNumber> companies;
        bool listed = false;
        for (const sync::Standing& standing : standings) {
            if (standing.view->installation != local->name() || standing.set_aside || standing.local->ignored) continue;
            if (standing.local->follows) continue;  // what leads is sent for, and nothing else
            listed = standing.view->listed;
            if (must_ask(standing, context_.memory(), known, asked, context_.clock.now()))
                companies.push_back(*standing.local->company);
        }
        if (known && is_older(known->asked_at, hours{24}, context_.clock.now()))
            for (const sync::LocalView& view : views)
                if (view.installation == local->name()) add_others(companies, view);
        if (companies.empty()) continue;
        if (auto on = context_.going_on(); on.has_error()) co_return on.error();
        const Time asked_at = known && !listed ? known->asked_at : context_.clock.now();
        if (auto done = co_await register_companies(*local, std::move(companies), asked_at); done.has_error())
            co_return done.error();
    }
    co_return Result<void>{};
}

Async<> Claims::register_companies(const LocalSide& local, std::vector<OrgNumber> companies, Time asked_at) {
    Registration registration{.installation = context_.sides.uuids.at(local.name()),
                              .epoch = context_.memory().epoch,
                              .program = local.program(),
                              .program_version = context_.sides.program_version,
                              .host = context_.sides.host,
                              .companies = std::move(companies)};
    const std::vector<OrgNumber> asked = registration.companies;
    auto answered = co_await context_.sides.online->register_installation(std::move(registration));
    // Too much at once, for the service or for something before it: what was asked for adds up.
    if (answered.has_error() && answered.error().code == Errc::call_refused && asked.size() > 1) {
        const auto middle = asked.begin() + static_cast<std::ptrdiff_t>(asked.size() / 2);
        std::vector<OrgNumber> first{asked.begin(), middle}, second{middle, asked.end()};
        if (auto on = context_.going_on(); on.has_error()) co_return on.error();
        if (auto done = co_await register_companies(local, std::move(first), asked_at); done.has_error())
            co_return done.error();
        co_return co_await register_companies(local, std::move(second), asked_at);
    }
    if (answered.has_error()) co_return answered.error();
    sync::ClaimsUpdate update{.installation = local.name(), .asked_at = asked_at, .claims = {}};
    std::unordered_set<OrgNumber> news;
    for (sync::Claim& claim : *answered) {
        news.insert(claim.company);
        update.claims.push_back(std::move(claim));
    }
    keep_others(update, context_.memory(), news);
    sync::Commit commit;
    commit.claims.push_back(std::move(update));
    co_return co_await context_.ledger.commit(std::move(commit));
}

// Not remembered as given up by a person: where the company comes back, it is asked for again.
Async<> Claims::give_up_missing(const std::vector<sync::LocalView>& views) {
    const auto missing = sync::long_missing(views, context_.memory(), context_.sides.earliest(context_.clock.now()),
                                            context_.sides.policy.release_missing_after);
    for (const sync::LongMissing& one : missing) {
        if (auto on = context_.going_on(); on.has_error()) co_return on.error();
        const sync::ClaimsOf& known = context_.memory().claims.at(one.key.installation);
        sync::ClaimsUpdate update{.installation = one.key.installation, .asked_at = known.asked_at, .claims = {}};
        keep_others(update, context_.memory(), {one.company});
        if (auto done =
                co_await context_.sides.online->release(context_.sides.uuids.at(one.key.installation), one.company);
            done.has_error() && done.error().code != Errc::call_refused)  // it is not ours, says the service
            co_return done.error();
        sync::Commit commit;
        commit.claims.push_back(std::move(update));
        if (auto kept = co_await context_.ledger.commit(std::move(commit)); kept.has_error()) co_return kept.error();
        context_.events.publish(Event{
            .name = "company.claim_released",
            .level = Level::notice,
            .message = {N_("{number} has been missing in {place} for so long that its claim was given "
                           "up. Another installation may take it over."),
                        {{"number", one.company.masked()}, {"place", one.key.installation + ":" + one.key.place}}},
            .company = one.company,
            .run = context_.run,
            .fields = {{"installation", one.key.installation}, {"place", one.key.place}},
            .code = Errc::company_missing});
    }
    co_return Result<void>{};
}

// Ours is remembered as given up, so that it is not taken up again by itself; another's is asked for anew.
Async<> Claims::release(std::string holder, OrgNumber company) {
    if (auto done = co_await context_.sides.online->release(holder, company); done.has_error()) co_return done.error();
    sync::Commit commit;
    std::set<std::string> names;
    for (const auto& [name, uuid] : context_.sides.uuids) names.insert(name);
    for (const auto& [name, claims] : context_.memory().claims) names.insert(name);
    for (const std::string& name : names) {
        const auto known = context_.memory().claims.find(name);
        const bool ours = context_.sides.uuid_of(name) == holder;
        if (!ours && (known == context_.memory().claims.end() || !known->second.refused.contains(company))) continue;
        sync::ClaimsUpdate update{.installation = name, .asked_at = context_.clock.now(), .claims = {}};
        if (known != context_.memory().claims.end()) update.asked_at = known->second.asked_at;
        if (ours)
            update.claims.push_back(
                {.company = company, .status = sync::ClaimStatus::released, .holder = {}, .holder_host = {}});
        keep_others(update, context_.memory(), {company});
        commit.claims.push_back(std::move(update));
    }
    co_return co_await context_.ledger.commit(std::move(commit));
}

}  // namespace samsynk::agent
