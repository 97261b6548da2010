#include "sync/memory.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace samsynk::sync {
namespace {

void begin_epoch(Memory& memory, const std::string& epoch) {
    memory.epoch = epoch;
    memory.cursor.clear();
    memory.operations.clear();
    for (auto at = memory.claims.begin(); at != memory.claims.end();)
        at = at->second.begin_epoch() ? std::next(at) : memory.claims.erase(at);
    for (auto& [company, view] : memory.online) view.version = of_another_epoch;
}

// What was chosen there is remembered: a restore of the service may bring the company back.
void leave(OnlineView& view, std::int64_t version) {
    view = OnlineView{.version = version, .notice = 0, .preferences = view.preferences, .gone = true};
}

void take_record(Memory& memory, const Record& record) {
    const auto [at, added] = memory.online.try_emplace(record.company, view_of(record));
    if (added || at->second.version > record.version) return;
    if (record.gone)
        leave(at->second, record.version);
    else
        at->second = view_of(record);
}

void keep_intent(std::vector<LocalIntent>& intents, const LocalIntent& intent) {
    const auto same = [&](const LocalIntent& old) {
        return old.key == intent.key && old.preference == intent.preference;
    };
    const auto at = std::find_if(intents.begin(), intents.end(), same);
    if (at != intents.end())
        *at = intent;
    else
        intents.push_back(intent);
}

void note_overwrite(Memory& memory, const Overwrite& overwrite) {
    // Nothing is forgotten by its time, which a leap of the clock would make old: they are as many as companies. What
    // is of the future was noted by a clock that was wrong.
    for (auto& [where, companies] : memory.overwrites)
        for (auto& [company, at] : companies)
            if (at > overwrite.at + overwrites_kept) at = overwrite.at;
    memory.overwrites[{overwrite.installation, overwrite.won}].insert_or_assign(overwrite.company, overwrite.at);
}

void take_holds(Memory& memory, const std::vector<Hold>& holds) {
    memory.holds = holds;
    for (const Hold& hold : holds) memory.last_hold = std::max(memory.last_hold, number_of(hold.id));
}

}  // namespace

bool OnlineView::operator==(const OnlineView& other) const {
    const bool same_problem = problem && other.problem ? *problem == *other.problem : problem == other.problem;
    return same_problem && std::tie(version, notice, preferences, state, gone) ==
                               std::tie(other.version, other.notice, other.preferences, other.state, other.gone);
}

OnlineView view_of(const Record& record) {
    if (record.gone) return OnlineView{.version = record.version, .notice = 0, .gone = true};
    if (record.problem)
        return OnlineView{.version = record.version,
                          .notice = 0,
                          .preferences = record.preferences,
                          .problem = std::make_shared<const Error>(*record.problem)};
    return OnlineView{.version = record.version,
                      .notice = fingerprint(notice_of(record)),
                      .preferences = record.preferences,
                      .state = record.collaboration.state};
}

Record completed(Record record, const OnlineView* before, bool new_epoch) {
    const bool version_unread = std::exchange(record.version_unread, false);
    const bool preferences_unread = std::exchange(record.preferences_unread, false);
    if (version_unread) record.version = before ? before->version : 0;
    if (preferences_unread) record.preferences = before ? before->preferences : Preferences{};
    // A version of the epoch before would hide what comes in this one; and choices that were not seen in this one yet
    // are still to be doubted.
    const bool of_before = before && (new_epoch || before->version == of_another_epoch);
    if (of_before && (version_unread || preferences_unread)) record.version = of_another_epoch;
    return record;
}

bool Commit::empty() const { return runs.empty() && !cursor && may_be_lost(); }

bool Commit::may_be_lost() const {
    return !new_epoch && records.empty() && missing.empty() && claims.empty() && operations.empty() &&
           settled.empty() && intents.empty() && agreements.empty() && intents_done.empty() && overwrites.empty() &&
           doubts.empty() && doubts_settled.empty() && !holds && approvals.empty() && approvals_done.empty() &&
           marks.empty() && parked.empty() && unparked.empty() && history.empty();
}

bool holds_for(const Agreement& agreement, const LocalCompany& local) {
    return local.company == agreement.company && agreement.follows == (local.follows != nullptr);
}

const Agreement* Agreements::find(const PlaceKey& key) const {
    const Places& places = of(key.installation);
    const auto found = places.find(key.place);
    return found == places.end() ? nullptr : &found->second;
}

const Agreement* Agreements::find_for(const std::string& installation, const LocalCompany& local) const {
    const Agreement* known = find({installation, local.place});
    return known && holds_for(*known, local) ? known : nullptr;
}

const Agreements::Places& Agreements::of(const std::string& installation) const {
    static const Places none;
    const auto found = by_installation_.find(installation);
    return found == by_installation_.end() ? none : found->second;
}

void Agreements::put(const PlaceKey& key, const Agreement& agreement) {
    Places& places = by_installation_[key.installation];
    places.insert_or_assign(places.end(), key.place, agreement);  // as a rule they come in order
}

std::size_t Agreements::size() const {
    std::size_t count = 0;
    for (const auto& [installation, places] : by_installation_) count += places.size();
    return count;
}

void ClaimsOf::put(const Claim& claim) {
    granted.erase(claim.company);
    refused.erase(claim.company);
    if (claim.status == ClaimStatus::granted)
        granted.insert(claim.company);
    else
        refused.emplace(claim.company, claim);
}

std::optional<ClaimStatus> ClaimsOf::status(const OrgNumber& company) const {
    if (granted.contains(company)) return ClaimStatus::granted;
    const auto found = refused.find(company);
    return found == refused.end() ? std::nullopt : std::optional{found->second.status};
}

std::vector<Claim> ClaimsOf::all() const {
    std::vector<Claim> claims;
    claims.reserve(granted.size() + refused.size());
    for (const OrgNumber& company : granted)
        claims.push_back({.company = company, .status = ClaimStatus::granted, .holder = {}, .holder_host = {}});
    for (const auto& [company, claim] : refused) claims.push_back(claim);
    return claims;
}

bool ClaimsOf::begin_epoch() {
    asked_at = {};
    granted.clear();
    std::erase_if(refused, [](const auto& claim) { return claim.second.status != ClaimStatus::released; });
    return !refused.empty();
}

void Memory::apply(const Commit& commit) {
    if (commit.new_epoch) begin_epoch(*this, *commit.new_epoch);
    for (const Record& record : commit.records) take_record(*this, record);
    for (const OrgNumber& company : commit.missing)
        if (const auto at = online.find(company); at != online.end()) leave(at->second, at->second.version);
    if (commit.cursor) cursor = *commit.cursor;
    for (const ClaimsUpdate& update : commit.claims) {
        ClaimsOf& claims_of = claims[update.installation];
        claims_of = ClaimsOf{.asked_at = update.asked_at, .granted = {}, .refused = {}};
        for (const Claim& claim : update.claims) claims_of.put(claim);
    }
    operations.insert(operations.end(), commit.operations.begin(), commit.operations.end());
    std::erase_if(operations, [&](const Operation& operation) {
        return std::find(commit.settled.begin(), commit.settled.end(), operation.id) != commit.settled.end();
    });
    for (const LocalIntent& intent : commit.intents) keep_intent(intents, intent);
    for (const AgreementUpdate& update : commit.agreements) agreements.put(update.key, update.agreement);
    std::erase_if(intents, [&](const LocalIntent& intent) {
        return std::find(commit.intents_done.begin(), commit.intents_done.end(),
                         std::pair{intent.key, intent.preference}) != commit.intents_done.end();
    });
    for (const Overwrite& overwrite : commit.overwrites) note_overwrite(*this, overwrite);
    for (const Doubt& doubt : commit.doubts) doubts.insert_or_assign({doubt.company, doubt.preference}, doubt);
    for (const auto& settled : commit.doubts_settled) doubts.erase(settled);
    if (commit.holds) take_holds(*this, *commit.holds);
    for (const Approval& approval : commit.approvals)
        approvals.insert_or_assign({approval.row.key, approval.row.preference}, approval);
    for (const ApprovalKey& done : commit.approvals_done) approvals.erase(done);
    for (const InstallationMark& mark : commit.marks) marks.insert_or_assign(mark.installation, mark.mark);
    for (const Parking& parking : commit.parked) parked.insert_or_assign(parking.key, parking);
    for (const PlaceKey& key : commit.unparked) parked.erase(key);
}

}  // namespace samsynk::sync
