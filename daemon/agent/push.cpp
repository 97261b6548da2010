#include "agent/push.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "agent/note.hpp"

namespace samsynk::agent {
namespace {

constexpr int most_calls =
    64;  ///< a batch with three such operations needs as many; a service that takes none, no more

struct Span {
    std::size_t begin, end;
};

OperationResult refused(const sync::Operation& operation, const Error& why) {
    return {.operation_id = operation.id,
            .status = 422,
            .problem_code = std::string{name_of(Errc::call_refused)},
            .request_id = {},
            .record = {},
            .why = why};
}

using sync::Memory;

constexpr std::chrono::hours remembered_by_service{7 * 24};

std::string installation_name(const Sides& sides, const std::string& uuid) {
    for (const auto& [name, known] : sides.uuids)
        if (known == uuid) return name;
    return {};
}

// What an operation stands for. Without an agreement where it was agreed with nobody, or with a place that followed.
struct Origin {
    std::string place;
    const sync::Agreement* agreement = nullptr;
};
using Places = std::unordered_map<OrgNumber, Origin>;

// Those that the operations are known to stand for.
Places known_places(const std::map<OrgNumber, sync::PlaceKey>& from, const Memory& memory) {
    Places places;
    for (const auto& [company, key] : from) {
        const sync::Agreement* known = memory.agreements.find(key);
        const bool holds = known && known->company == company && !known->follows;
        places.emplace(company, Origin{key.place, holds ? known : nullptr});
    }
    return places;
}

// The other ones of an installation that sent something, by the company that they are agreed to be; nothing where two
// are (one of them a copy that is to be ignored now).
void search_places(Places& places, const std::string& installation, const std::set<OrgNumber>& wanted,
                   const Memory& memory) {
    if (wanted.empty()) return;
    for (const auto& place : memory.agreements.of(installation)) {
        if (!wanted.contains(place.second.company) || place.second.follows) continue;
        const auto [at, first] = places.emplace(place.second.company, Origin{place.first, &place.second});
        if (!first) at->second = {};
    }
}

// By the installation's name online. The same company may be sent by two of ours.
std::map<std::string, Places> places_of(const std::vector<sync::Operation>& operations, const Memory& memory,
                                        const Sides& sides, const std::map<OrgNumber, sync::PlaceKey>& from) {
    const Places known = known_places(from, memory);
    std::map<std::string, std::set<OrgNumber>> wanted;
    for (const sync::Operation& operation : operations) {
        auto& companies = wanted[operation.installation];
        if (!known.contains(operation.company)) companies.insert(operation.company);
    }
    std::map<std::string, Places> places;
    for (const auto& [installation, companies] : wanted) {
        places[installation] = known;
        search_places(places[installation], installation_name(sides, installation), companies, memory);
    }
    return places;
}

void agree(sync::Commit& commit, const sync::Operation& operation, const std::string& installation,
           const Places& places, const std::string& request, Time now) {
    const auto place = places.find(operation.company);
    const Origin origin = place == places.end() ? Origin{} : place->second;
    const sync::PlaceKey key{installation, origin.place};
    for (auto& change : history_of(operation, key, request, now)) commit.history.push_back(std::move(change));
    if (!origin.agreement) return;
    sync::Agreement agreement = *origin.agreement;
    for (const auto preference : sync::all_preferences) {
        if (!operation.set[preference]) continue;
        agreement.base[preference] = operation.set[preference];
        commit.approvals_done.emplace_back(key, preference);
    }
    commit.agreements.push_back({key, agreement});
}

bool already_holds(const sync::Record& record, const sync::Preferences& set) {
    return std::all_of(sync::all_preferences.begin(), sync::all_preferences.end(), [&](auto preference) {
        return !set[preference] || record.preferences[preference] == set[preference];
    });
}

// The service forgets after seven days: a 412 no longer says that the operation was not done before.
void doubt(sync::Commit& commit, const sync::Operation& operation, const sync::Record& record) {
    for (const auto preference : sync::all_preferences)
        if (operation.set[preference] && record.preferences[preference] != operation.set[preference])
            commit.doubts.push_back(
                {operation.company, preference, record.preferences[preference], sync::HoldKind::unclear_write});
}

Error refusal(const sync::Operation& operation, const OperationResult& result) {
    const std::string number = operation.company.masked();
    if (result.status == 404)
        return fail(Errc::unknown_company,
                    N_("The online account no longer has the company {number}. Its choices are kept here."),
                    {{"number", number}});
    if (result.problem_code == "claim_held")
        return fail(Errc::claim_held, N_("{number} is synced by another installation. Release it there first."),
                    {{"number", number}});
    if (result.problem_code == "collaboration_not_active")
        return fail(Errc::collaboration_not_active,
                    N_("{number}: the choice is kept and is sent when the collaboration has become active."),
                    {{"number", number}});
    if (result.why)
        return fail(Errc::rejected, N_("The change of {number} was refused, though it was sent alone: {why}"),
                    {{"number", number}, {"why", to_text(result.why->message)}});
    const std::string problem = result.problem_code.empty() ? std::to_string(result.status) : result.problem_code;
    if (result.request_id.empty())
        return fail(Errc::rejected, N_("The online service refused the change of {number} ({problem})."),
                    {{"number", number}, {"problem", problem}});
    return fail(Errc::rejected, N_("The online service refused the change of {number} ({problem}, request {request})."),
                {{"number", number}, {"problem", problem}, {"request", result.request_id}});
}

// The claim was granted once and is not any more: remember it, so that it is asked for again.
void lose_claim(sync::Commit& commit, const sync::Operation& operation, const Memory& memory, const Sides& sides) {
    const std::string installation = installation_name(sides, operation.installation);
    const auto claims = memory.claims.find(installation);
    if (claims == memory.claims.end()) return;
    auto update = std::find_if(commit.claims.begin(), commit.claims.end(),
                               [&](const auto& known) { return known.installation == installation; });
    if (update == commit.claims.end()) {
        commit.claims.push_back({installation, claims->second.asked_at, {}});
        update = std::prev(commit.claims.end());
        update->claims = claims->second.all();
    }
    for (sync::Claim& claim : update->claims)
        if (claim.company == operation.company) claim.status = sync::ClaimStatus::held;
}

}  // namespace

Async<std::vector<OperationResult>> push_in_parts(OnlineSide& online, std::string epoch,
                                                  std::vector<sync::Operation> operations) {
    std::vector<OperationResult> results;
    std::vector<Span> parts{{0, operations.size()}};
    for (int calls = 0; !parts.empty(); ++calls) {
        const Span part = parts.back();
        parts.pop_back();
        std::vector<sync::Operation> some{operations.begin() + static_cast<long>(part.begin),
                                          operations.begin() + static_cast<long>(part.end)};
        auto answered = co_await online.push(epoch, std::move(some));
        if (answered.has_value()) {
            std::move(answered->begin(), answered->end(), std::back_inserter(results));
            continue;
        }
        if (answered.error().code != Errc::call_refused || calls >= most_calls) co_return answered.error();
        if (part.end - part.begin == 1) {
            results.push_back(refused(operations[part.begin], answered.error()));
            continue;
        }
        const std::size_t middle = part.begin + (part.end - part.begin) / 2;
        parts.push_back({middle, part.end});
        parts.push_back({part.begin, middle});
    }
    co_return results;
}

PushOutcome outcome_of(const std::vector<sync::Operation>& operations, const std::vector<OperationResult>& results,
                       const Memory& memory, const Sides& sides, Time now,
                       const std::map<OrgNumber, sync::PlaceKey>& from) {
    PushOutcome outcome;
    const auto places = places_of(operations, memory, sides, from);
    for (const OperationResult& result : results) {
        const auto operation = std::find_if(operations.begin(), operations.end(),
                                            [&](const auto& sent) { return sent.id == result.operation_id; });
        if (operation == operations.end()) continue;
        outcome.commit.settled.push_back(operation->id);
        if (result.record) outcome.commit.records.push_back(*result.record);
        const bool forgotten = result.status == 412 && result.record &&
                               std::chrono::abs(now - operation->created_at) > remembered_by_service;
        if (result.status == 200 || (forgotten && already_holds(*result.record, operation->set))) {
            if (operation->overwrites)
                outcome.commit.overwrites.push_back({installation_name(sides, operation->installation),
                                                     sync::Side::local, operation->company, sides.latest(now)});
            agree(outcome.commit, *operation, installation_name(sides, operation->installation),
                  places.at(operation->installation), result.request_id, now);
            outcome.applied.push_back(*operation);
        } else if (result.status == 412) {
            if (forgotten) doubt(outcome.commit, *operation, *result.record);
            outcome.outdated.push_back(operation->company);
        } else {
            if (result.problem_code == "claim_held") lose_claim(outcome.commit, *operation, memory, sides);
            outcome.refused.emplace_back(operation->company, refusal(*operation, result));
        }
    }
    return outcome;
}

}  // namespace samsynk::agent
