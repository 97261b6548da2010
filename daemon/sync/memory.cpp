#include "sync/memory.hpp"

#include <algorithm>

namespace samsynk::sync {
namespace {

void begin_epoch(Memory& memory, const std::string& epoch) {
    memory.epoch = epoch;
    memory.cursor.clear();
    memory.operations.clear();
    memory.claims.clear();
    for (auto& [company, view] : memory.online) view.version = 0;
}

void take_record(Memory& memory, const Record& record) {
    const auto [at, added] = memory.online.try_emplace(record.company, view_of(record));
    if (!added && at->second.version <= record.version) at->second = view_of(record);
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

}  // namespace

OnlineView view_of(const Record& record) {
    if (record.gone) return OnlineView{.version = record.version, .notice = 0, .gone = true};
    if (record.problem) return OnlineView{.version = record.version, .notice = 0, .problem = true};
    return OnlineView{.version = record.version,
                      .notice = fingerprint(notice_of(record)),
                      .preferences = record.preferences,
                      .state = record.collaboration.state};
}

bool Commit::empty() const {
    return !new_epoch && records.empty() && missing.empty() && !cursor && claims.empty() && operations.empty() &&
           settled.empty() && intents.empty() && agreements.empty() && intents_done.empty();
}

void Memory::apply(const Commit& commit) {
    if (commit.new_epoch) begin_epoch(*this, *commit.new_epoch);
    for (const Record& record : commit.records) take_record(*this, record);
    for (const OrgNumber& company : commit.missing)
        if (const auto at = online.find(company); at != online.end())
            at->second = OnlineView{.version = at->second.version, .notice = 0, .gone = true};
    if (commit.cursor) cursor = *commit.cursor;
    for (const ClaimsUpdate& update : commit.claims) {
        ClaimsOf& claims_of = claims[update.installation];
        claims_of = ClaimsOf{.asked_at = update.asked_at, .by_company = {}};
        for (const Claim& claim : update.claims) claims_of.by_company.insert_or_assign(claim.company, claim);
    }
    operations.insert(operations.end(), commit.operations.begin(), commit.operations.end());
    std::erase_if(operations, [&](const Operation& operation) {
        return std::find(commit.settled.begin(), commit.settled.end(), operation.id) != commit.settled.end();
    });
    for (const LocalIntent& intent : commit.intents) keep_intent(intents, intent);
    for (const AgreementUpdate& update : commit.agreements) agreements.insert_or_assign(update.key, update.agreement);
    std::erase_if(intents, [&](const LocalIntent& intent) {
        return std::find(commit.intents_done.begin(), commit.intents_done.end(),
                         std::pair{intent.key, intent.preference}) != commit.intents_done.end();
    });
}

}  // namespace samsynk::sync
