#include "agent/explain.hpp"

#include <algorithm>

namespace samsynk::agent {
namespace {

std::optional<sync::HistoryChange> last_change(const std::vector<sync::HistoryEntry>& history,
                                               const sync::PlaceKey& key, sync::Preference preference) {
    for (const sync::HistoryEntry& entry : history)
        for (auto change = entry.changes.rbegin(); change != entry.changes.rend(); ++change)
            if (change->key == key && change->preference == preference) return *change;
    return std::nullopt;
}

std::optional<sync::Operation> under_way(const sync::Memory& memory, const OrgNumber& company,
                                         sync::Preference preference) {
    for (const sync::Operation& operation : memory.operations)
        if (operation.company == company && operation.set[preference]) return operation;
    return std::nullopt;
}

std::optional<sync::HoldKind> held(const sync::Memory& memory, const sync::PlaceKey& key, sync::Preference preference) {
    for (const sync::Hold& hold : memory.holds)
        for (const sync::HoldRow& row : hold.rows)
            if (row.key == key && row.preference == preference) return hold.kind;
    return std::nullopt;
}

std::optional<sync::Claim> claim_of(const sync::Memory& memory, const std::string& installation,
                                    const OrgNumber& company) {
    const auto of = memory.claims.find(installation);
    if (of == memory.claims.end()) return std::nullopt;
    if (const auto refused = of->second.refused.find(company); refused != of->second.refused.end())
        return refused->second;
    if (!of->second.granted.contains(company)) return std::nullopt;
    return sync::Claim{.company = company, .status = sync::ClaimStatus::granted, .holder = {}, .holder_host = {}};
}

}  // namespace

Explanation explanation_of(const OrgNumber& company, CompanyDetail detail, sync::LocalCompanyPtr found,
                           const sync::Memory& memory, const sync::PlanOptions& options,
                           const std::vector<sync::HistoryEntry>& history) {
    const CompanyStatus& status = detail.status;
    const sync::PlaceKey key{status.installation, status.place()};
    const bool aside = status.reason && sync::is_of_identity(status.reason->code);
    const sync::LocalView view{.installation = status.installation, .companies = {}, .trouble = {}};
    sync::Standing standing{.view = &view, .local = found, .set_aside = aside ? status.reason : found->trouble};
    if (found->company != company && !standing.set_aside)
        standing.set_aside =
            fail(Errc::identity_changed, N_("{place} shows another company than before. Sync, and look again."),
                 {{"place", key.place}});
    if (const sync::Agreement* known = memory.agreements.find(key); known && known->company == company)
        standing.agreement = known;
    const sync::CompanyPlan plan = sync::plan_company(standing, memory, options);

    Explanation explanation{.detail = {},
                            .identity_source = found->identity_source,
                            .identity_trail = {},
                            .chosen_at = found->chosen_at == Time{} ? std::nullopt : std::optional{found->chosen_at},
                            .parking = {},
                            .claim = claim_of(memory, status.installation, company),
                            .preferences = {}};
    if (const auto parking = memory.parked.find(key); parking != memory.parked.end())
        explanation.parking = parking->second;
    const auto online = memory.online.find(company);
    for (const auto preference : sync::all_preferences) {
        Explained explained{.preference = preference, .local = found->preferences[preference]};
        if (standing.agreement) explained.agreed = standing.agreement->base[preference];
        if (online != memory.online.end()) explained.online = online->second.preferences[preference];
        explained.rule = sync::decide(explained.agreed, explained.local, explained.online, options.first_contact).rule;
        if (plan.acting()) explained.action = plan.step(preference).action;
        explained.held = held(memory, key, preference);
        if (explained.held) explained.action = sync::Action::hold;
        explained.under_way = under_way(memory, company, preference);
        explained.last_change = last_change(history, key, preference);
        explanation.preferences.push_back(std::move(explained));
    }
    explanation.detail = std::move(detail);
    return explanation;
}

}  // namespace samsynk::agent
