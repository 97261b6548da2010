// Which companies an installation may act for: asked of the service, and given up when a person says so.
#include <algorithm>
#include <set>
#include <unordered_set>

#include "agent/gather.hpp"

namespace samsynk::agent {
namespace {

using std::chrono::hours;

// What is of the future was noted by a clock that was wrong: as good as old.
bool is_older(Time noted, hours age, Time now) { return now - noted > age || noted - now > age; }

// Whether a claim must be asked for: never asked, or refused and worth asking again.
bool must_ask(const sync::Memory& memory, const sync::ClaimsOf* known, const OrgNumber& company,
              const ClaimWishes& wishes, Time now) {
    if (!known) return true;
    const auto status = known->status(company);
    if (!status) return true;
    if (status == sync::ClaimStatus::granted) return is_older(known->asked_at, hours{24}, now);
    if (status == sync::ClaimStatus::released)
        return std::find(wishes.take_up.begin(), wishes.take_up.end(), company) != wishes.take_up.end();
    if (wishes.refused_again || is_older(known->asked_at, hours{1}, now)) return true;
    // A company that the service did not know, and that has entered the account since.
    const auto view = memory.online.find(company);
    return status == sync::ClaimStatus::unknown && view != memory.online.end() && !view->second.gone;
}

// All that is known of an installation's claims, but for those of `news`.
void keep_others(sync::ClaimsUpdate& update, const sync::Memory& memory, const std::unordered_set<OrgNumber>& news) {
    const auto known = memory.claims.find(update.installation);
    if (known == memory.claims.end()) return;
    for (sync::Claim& claim : known->second.all())
        if (!news.contains(claim.company)) update.claims.push_back(std::move(claim));
}

}  // namespace

Async<> Gather::claim(const std::vector<sync::Standing>& standings, ClaimWishes wishes) {
    for (const auto& local : sides_.locals) {
        const auto found = ledger_.memory().claims.find(local->name());
        const sync::ClaimsOf* known = found == ledger_.memory().claims.end() ? nullptr : &found->second;
        std::vector<OrgNumber> companies;
        for (const sync::Standing& standing : standings) {
            if (standing.view->installation != local->name() || standing.set_aside || standing.local->ignored) continue;
            if (standing.local->follows) continue;  // what leads is sent for, and nothing else
            if (must_ask(ledger_.memory(), known, *standing.local->company, wishes, clock_.now()))
                companies.push_back(*standing.local->company);
        }
        if (companies.empty()) continue;
        if (auto on = going_on(); on.has_error()) co_return on.error();
        if (auto done = co_await claim_for(*local, std::move(companies)); done.has_error()) co_return done.error();
    }
    co_return Result<void>{};
}

Async<> Gather::claim_for(const LocalSide& local, std::vector<OrgNumber> companies) {
    Registration registration{.installation = sides_.uuids.at(local.name()),
                              .epoch = ledger_.memory().epoch,
                              .program = local.program(),
                              .program_version = sides_.program_version,
                              .host = sides_.host,
                              .companies = std::move(companies)};
    const std::vector<OrgNumber> asked = registration.companies;
    auto answered = co_await sides_.online->register_installation(std::move(registration));
    // Too much at once, for the service or for something before it: what was asked for adds up.
    if (answered.has_error() && answered.error().code == Errc::call_refused && asked.size() > 1) {
        const auto middle = asked.begin() + static_cast<std::ptrdiff_t>(asked.size() / 2);
        std::vector<OrgNumber> first{asked.begin(), middle}, second{middle, asked.end()};
        if (auto on = going_on(); on.has_error()) co_return on.error();
        if (auto done = co_await claim_for(local, std::move(first)); done.has_error()) co_return done.error();
        co_return co_await claim_for(local, std::move(second));
    }
    if (answered.has_error()) co_return answered.error();
    sync::ClaimsUpdate update{.installation = local.name(), .asked_at = clock_.now(), .claims = {}};
    std::unordered_set<OrgNumber> news;
    for (sync::Claim& claim : *answered) {
        news.insert(claim.company);
        update.claims.push_back(std::move(claim));
    }
    keep_others(update, ledger_.memory(), news);
    sync::Commit commit;
    commit.claims.push_back(std::move(update));
    co_return co_await ledger_.commit(std::move(commit));
}

// Not remembered as given up by a person: where the company comes back, it is asked for again.
Async<> Gather::give_up_missing(const std::vector<sync::LocalView>& views, EventSink& events, const std::string& run) {
    const auto missing =
        sync::long_missing(views, ledger_.memory(), sides_.earliest(clock_.now()), sides_.policy.release_missing_after);
    for (const sync::LongMissing& one : missing) {
        if (auto on = going_on(); on.has_error()) co_return on.error();
        const sync::ClaimsOf& known = ledger_.memory().claims.at(one.key.installation);
        sync::ClaimsUpdate update{.installation = one.key.installation, .asked_at = known.asked_at, .claims = {}};
        keep_others(update, ledger_.memory(), {one.company});
        if (auto done = co_await sides_.online->release(sides_.uuids.at(one.key.installation), one.company);
            done.has_error() && done.error().code != Errc::call_refused)  // it is not ours, says the service
            co_return done.error();
        sync::Commit commit;
        commit.claims.push_back(std::move(update));
        if (auto kept = co_await ledger_.commit(std::move(commit)); kept.has_error()) co_return kept.error();
        events.publish(Event{
            .name = "company.claim_released",
            .level = Level::notice,
            .message = {N_("{number} has been missing in {place} for so long that its claim was given "
                           "up. Another installation may take it over."),
                        {{"number", one.company.masked()}, {"place", one.key.installation + ":" + one.key.place}}},
            .company = one.company,
            .run = run,
            .fields = {{"installation", one.key.installation}, {"place", one.key.place}},
            .code = Errc::company_missing});
    }
    co_return Result<void>{};
}

// Ours is remembered as given up, so that it is not taken up again by itself; another's is asked for anew.
Async<> Gather::release(std::string holder, OrgNumber company) {
    if (auto done = co_await sides_.online->release(holder, company); done.has_error()) co_return done.error();
    sync::Commit commit;
    std::set<std::string> names;
    for (const auto& [name, uuid] : sides_.uuids) names.insert(name);
    for (const auto& [name, claims] : ledger_.memory().claims) names.insert(name);
    for (const std::string& name : names) {
        const auto known = ledger_.memory().claims.find(name);
        const bool ours = sides_.uuid_of(name) == holder;
        if (!ours && (known == ledger_.memory().claims.end() || !known->second.refused.contains(company))) continue;
        sync::ClaimsUpdate update{.installation = name, .asked_at = clock_.now(), .claims = {}};
        if (known != ledger_.memory().claims.end()) update.asked_at = known->second.asked_at;
        if (ours)
            update.claims.push_back(
                {.company = company, .status = sync::ClaimStatus::released, .holder = {}, .holder_host = {}});
        keep_others(update, ledger_.memory(), {company});
        commit.claims.push_back(std::move(update));
    }
    co_return co_await ledger_.commit(std::move(commit));
}

}  // namespace samsynk::agent
