#include "agent/explain.hpp"

#include <algorithm>

#include "sync/followers.hpp"

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

// One that follows is planned by what its leading place and the online side hold, as that was published.
sync::CompanyPlan plan_at(const sync::Standing& standing, const CompanyDetail& detail, const sync::Memory& memory,
                          const sync::PlanOptions& options) {
    if (!standing.local->follows) return sync::plan_company(standing, memory, options);
    sync::Lead lead = sync::lead_of(nullptr, *standing.local, memory, sync::Progress::done);
    for (const CompanyStatus& other : detail.other_places) {
        if (sync::PlaceKey{other.installation, other.place()} != *standing.local->follows) continue;
        const bool acting = other.state == CompanyState::synced || other.state == CompanyState::waiting ||
                            (other.state == CompanyState::held && !sync::is_of_identity(other.reason->code));
        if (acting) lead.obstacle.reset();
        for (const auto preference : sync::all_preferences)
            if (other.local()[preference] == other.online[preference])
                lead.settled[static_cast<std::size_t>(preference)] = other.local()[preference];
    }
    return sync::plan_follower(standing, lead, memory);
}

}  // namespace

Explanation explanation_of(const std::optional<OrgNumber>& company, CompanyDetail detail, sync::LocalCompanyPtr found,
                           const sync::Memory& memory, const sync::PlanOptions& options,
                           const std::vector<sync::HistoryEntry>& history) {
    const CompanyStatus& status = detail.status;
    const sync::PlaceKey key{status.installation, status.place()};
    const bool aside = status.reason && sync::is_of_identity(status.reason->code);
    const sync::LocalView view{.installation = status.installation, .companies = {}, .trouble = {}};
    sync::Standing standing{.view = &view, .local = found, .set_aside = aside ? status.reason : found->trouble};
    if ((found->company != company || !company) && !standing.set_aside)
        standing.set_aside =
            fail(Errc::identity_changed, N_("{place} shows another company than before. Sync, and look again."),
                 {{"place", key.place}});
    if (const sync::Agreement* known = memory.agreements.find(key);
        known && known->company == company && known->follows == (found->follows != nullptr))
        standing.agreement = known;
    const sync::CompanyPlan plan = plan_at(standing, detail, memory, options);
    const auto policy = found->follows ? sync::FirstContact::hold : options.first_contact;

    Explanation explanation{.detail = {},
                            .identity_source = found->identity_source,
                            .identity_trail = {},
                            .chosen_at = found->chosen_at == Time{} ? std::nullopt : std::optional{found->chosen_at},
                            .parking = {},
                            .claim = company ? claim_of(memory, status.installation, *company) : std::nullopt,
                            .preferences = {}};
    if (const auto parking = memory.parked.find(key); parking != memory.parked.end())
        explanation.parking = parking->second;
    const auto online = company ? memory.online.find(*company) : memory.online.end();
    for (const auto preference : sync::all_preferences) {
        Explained explained{.preference = preference, .local = found->preferences[preference]};
        if (standing.agreement) explained.agreed = standing.agreement->base[preference];
        if (online != memory.online.end()) explained.online = online->second.preferences[preference];
        explained.rule = sync::decide(explained.agreed, explained.local, explained.online, policy).rule;
        if (plan.acting()) explained.action = plan.step(preference).action;
        explained.held = held(memory, key, preference);
        if (explained.held) explained.action = sync::Action::hold;
        if (company) explained.under_way = under_way(memory, *company, preference);
        explained.last_change = last_change(history, key, preference);
        explanation.preferences.push_back(std::move(explained));
    }
    explanation.detail = std::move(detail);
    return explanation;
}

}  // namespace samsynk::agent
