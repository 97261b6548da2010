// What was done, and why things are as they are, as JSON.
#include <map>

#include "control/json_words.hpp"
#include "control/to_json.hpp"

namespace samsynk::control {
namespace {

namespace json = boost::json;

// Names of companies by number: the history keeps numbers only.
class Names {
public:
    explicit Names(const agent::Inventory& companies) {
        for (const auto& company : companies)
            if (company.company()) names_.emplace(*company.company(), company.name());
    }
    std::string_view of(const OrgNumber& company) const {
        const auto at = names_.find(company);
        return at == names_.end() ? std::string_view{} : at->second;
    }

private:
    std::map<OrgNumber, std::string_view> names_;
};

json::object change(const sync::HistoryChange& change, std::string_view name) {
    const bool told = change.kind == sync::ChangeKind::told, chosen = change.kind == sync::ChangeKind::chosen;
    return {{"at", to_rfc3339(change.at)},
            {"run", change.run},
            {"kind", text(name_of(change.kind))},
            {"installation", change.key.installation},
            {"place", change.key.place},
            {"company", change.company.digits()},
            {"name", text(name)},
            {"preference", change.preference ? text(name_of(*change.preference)) : json::value(nullptr)},
            {"from", choice(change.from)},
            {"to", choice(change.to)},
            {"rule", told || chosen ? json::value(nullptr) : text(name_of(change.rule))},
            {"collaboration", told ? text(name_of(change.collaboration)) : json::value(nullptr)},
            {"operation_id", text_or_null(change.operation)},
            {"request_id", text_or_null(change.request)},
            {"by", text_or_null(change.by)}};
}

json::object run(const sync::HistoryRun& run) {
    return {{"run", run.id},
            {"trigger", text_or_null(run.trigger)},
            {"by", text_or_null(run.by)},
            {"started_at", to_rfc3339(run.started_at)},
            {"finished_at", time(run.finished_at)},
            {"outcome", run.outcome.empty() ? text("interrupted") : text(run.outcome)},
            {"counts",
             {{"companies", run.companies},
              {"changed", run.changed},
              {"failed", run.failed},
              {"held", run.held},
              {"waiting", run.waiting}}},
            {"error", to_json(run.error)}};
}

json::object explained(const agent::Explained& one, std::string_view name) {
    json::value under_way = nullptr;
    if (one.under_way)
        under_way = {{"operation_id", one.under_way->id}, {"sent_at", to_rfc3339(one.under_way->created_at)}};
    return {{"agreed", choice(one.agreed)},
            {"local", choice(one.local)},
            {"online", choice(one.online)},
            {"rule", text(name_of(one.rule))},
            {"action", text(name_of(one.action))},
            {"held", one.held ? text(name_of(*one.held)) : json::value(nullptr)},
            {"under_way", std::move(under_way)},
            {"last_change", one.last_change ? json::value(change(*one.last_change, name)) : json::value(nullptr)}};
}

json::value claim(const std::optional<sync::Claim>& claim) {
    if (!claim) return nullptr;
    constexpr std::array<std::string_view, 4> words{"granted", "held", "unknown", "released"};
    return {{"status", text(words.at(static_cast<std::size_t>(claim->status)))},
            {"holder", text_or_null(claim->holder)},
            {"holder_host", text_or_null(claim->holder_host)}};
}

json::value parking(const std::optional<sync::Parking>& parking) {
    if (!parking) return nullptr;
    return {{"reason", to_json(Reason{parking->reason})},
            {"failures", parking->failures},
            {"since", to_rfc3339(parking->since)},
            {"next_try_at", parking->next_try == Time{} ? json::value(nullptr) : text(to_rfc3339(parking->next_try))}};
}

}  // namespace

json::object to_json(const agent::Explanation& explanation) {
    json::object object = to_json(explanation.detail);
    object["identity_source"] = text_or_null(explanation.identity_source);
    json::array trail;
    for (const Message& sentence : explanation.identity_trail) {
        json::object one;
        add_message(one, sentence);
        trail.push_back(std::move(one));
    }
    object["identity_trail"] = std::move(trail);
    object["local_changed_at"] = time(explanation.chosen_at);
    object["claim"] = claim(explanation.claim);
    object["parked"] = parking(explanation.parking);
    json::object preferences;
    for (const agent::Explained& one : explanation.preferences)
        preferences[json::string_view{name_of(one.preference).data(), name_of(one.preference).size()}] =
            explained(one, explanation.detail.status.name());
    object["preferences"] = std::move(preferences);
    return object;
}

json::array to_json(const std::vector<sync::HistoryEntry>& history, const agent::Inventory& companies) {
    const Names names{companies};
    json::array runs;
    for (const sync::HistoryEntry& entry : history) {
        json::object one = run(entry.run);
        json::array changes;
        for (const sync::HistoryChange& made : entry.changes) changes.push_back(change(made, names.of(made.company)));
        one["changes"] = std::move(changes);
        runs.push_back(std::move(one));
    }
    return runs;
}

json::object to_json(const agent::Reverted& reverted, const agent::Inventory& companies) {
    const Names names{companies};
    json::array skipped;
    for (const agent::RefusedChoice& one : reverted.skipped) {
        json::object object = change(one.change, names.of(one.change.company));
        object["reason"] = to_json(Reason{one.why});
        skipped.push_back(std::move(object));
    }
    return {{"reverted", reverted.count},
            {"skipped", std::move(skipped)},
            {"run", reverted.run ? json::value(to_json(*reverted.run)) : json::value(nullptr)}};
}

}  // namespace samsynk::control
