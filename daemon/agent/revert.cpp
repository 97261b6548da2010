#include "agent/revert.hpp"

#include <algorithm>
#include <map>

namespace samsynk::agent {
namespace {

using Thread = std::pair<sync::PlaceKey, sync::Preference>;

// A run may have changed one choice more than once: from what it was at first, to what it was at last.
std::map<Thread, sync::HistoryChange> in_sum(const std::vector<sync::HistoryChange>& changes) {
    std::map<Thread, sync::HistoryChange> sum;
    for (const sync::HistoryChange& change : changes) {
        if (!change.preference || !change.to) continue;
        const auto [at, first] = sum.try_emplace({change.key, *change.preference}, change);
        if (first) continue;
        if (!at->second.from) at->second.from = change.from;
        at->second.to = change.to;
    }
    return sum;
}

std::optional<Error> obstacle(const sync::HistoryChange& change, const CompanyStatus* place) {
    if (!change.from)
        return fail(Errc::rejected,
                    N_("It was not chosen before, and a choice can't be unmade. Choose what it should be."));
    if (change.from == change.to) return changed_since();
    if (!place || place->company() != change.company)
        return fail(Errc::not_found, N_("{place} is not there any more, or holds another company."),
                    {{"place", change.key.installation + ":" + change.key.place}});
    if (place->reason && sync::is_of_identity(place->reason->code)) return *place->reason;
    return std::nullopt;
}

}  // namespace

Error changed_since() {
    return fail(Errc::changed_meanwhile, N_("Somebody has changed it since. Their choice stands."));
}

RevertPlan plan_revert(const sync::HistoryEntry& run, const Inventory& inventory) {
    RevertPlan plan;
    for (const auto& [thread, change] : in_sum(run.changes)) {
        const CompanyStatus* place = inventory.find(change.key);
        if (place && place->found->follows) continue;  // it follows the place that is turned back
        if (auto why = obstacle(change, place)) {
            plan.skipped.push_back({change, std::move(*why)});
            continue;
        }
        plan.turns.push_back(
            {change.key.installation, {change.key.place, change.company, *change.preference, change.to, *change.from}});
    }
    return plan;
}

}  // namespace samsynk::agent
