#include "agent/note.hpp"

namespace samsynk::agent {

sync::Rule told_rule(const sync::Step& step) { return step.approved ? sync::Rule::approved : step.rule; }

sync::HistoryChange history_of(const sync::LocalIntent& intent, Time at) {
    return {.run = intent.run,
            .at = at,
            .kind = sync::ChangeKind::to_local,
            .key = intent.key,
            .company = intent.company,
            .preference = intent.preference,
            .from = intent.from,
            .to = intent.to,
            .rule = intent.rule};
}

std::vector<sync::HistoryChange> history_of(const sync::Operation& operation, const sync::PlaceKey& key,
                                            const std::string& request, Time at) {
    std::vector<sync::HistoryChange> changes;
    for (const auto preference : sync::all_preferences)
        if (operation.set[preference])
            changes.push_back({.run = operation.told.run,
                               .at = at,
                               .kind = sync::ChangeKind::to_online,
                               .key = key,
                               .company = operation.company,
                               .preference = preference,
                               .from = operation.told.was[preference],
                               .to = operation.set[preference],
                               .rule = operation.told.rules[static_cast<std::size_t>(preference)],
                               .operation = operation.id,
                               .request = request});
    return changes;
}

sync::HistoryChange history_of(const sync::Notice& notice, const sync::PlaceKey& key, const std::string& run, Time at) {
    return {.run = run,
            .at = at,
            .kind = sync::ChangeKind::told,
            .key = key,
            .company = notice.company,
            .preference = {},
            .from = {},
            .to = {},
            .collaboration = notice.collaboration.state};
}

}  // namespace samsynk::agent
