#include "store/claims.hpp"

#include <array>
#include <unordered_map>

namespace samsynk::store {
namespace {

constexpr std::array<std::string_view, 4> status_names{"granted", "held", "unknown", "released"};

std::string_view name_of(sync::ClaimStatus status) { return status_names.at(static_cast<std::size_t>(status)); }

// A name of no known status is `unknown`: such a company is parked, never acted for.
sync::ClaimStatus status_of(std::string_view name) {
    if (name == name_of(sync::ClaimStatus::granted)) return sync::ClaimStatus::granted;
    if (name == name_of(sync::ClaimStatus::held)) return sync::ClaimStatus::held;
    if (name == name_of(sync::ClaimStatus::released)) return sync::ClaimStatus::released;
    return sync::ClaimStatus::unknown;
}

sync::Claim claim_at(Row& row) {
    return {company_at(row, 0), status_of(view_at(row, 1)), text_at(row, 2), text_at(row, 3)};
}

}  // namespace

Claims::Claims(SQLite::Database& database)
    : put_list_{database,
                "INSERT INTO claim_lists (installation, asked_at) VALUES (?, ?) ON CONFLICT DO UPDATE SET asked_at = "
                "excluded.asked_at"},
      of_{database, "SELECT company, status, holder, holder_host FROM claims WHERE installation = ?"},
      delete_{database, "DELETE FROM claims WHERE installation = ? AND company = ?"},
      put_{database,
           "INSERT OR REPLACE INTO claims (installation, company, status, holder, holder_host) VALUES (?, ?, ?, ?, ?)"},
      forget_lists_{database, "DELETE FROM claim_lists"},
      forget_{database, "DELETE FROM claims WHERE status <> 'released'"},
      lists_{database, "SELECT installation, asked_at FROM claim_lists"},
      all_{database, "SELECT installation, company, status, holder, holder_host FROM claims"} {}

void Claims::put(const sync::ClaimsUpdate& update) {
    put_list_.run(update.installation, std::int64_t{update.asked_at.time_since_epoch().count()});
    // Most often all but a few are as they were.
    std::unordered_map<OrgNumber, sync::Claim> before;
    of_.each([&](Row& row) { before.emplace(company_at(row, 0), claim_at(row)); }, update.installation);
    for (const sync::Claim& claim : update.claims) {
        const auto known = before.find(claim.company);
        const bool same = known != before.end() && known->second == claim;
        if (known != before.end()) before.erase(known);
        if (!same) put_.run(update.installation, claim.company, name_of(claim.status), claim.holder, claim.holder_host);
    }
    for (const auto& [company, claim] : before) delete_.run(update.installation, company);
}

void Claims::begin_epoch() {
    forget_lists_.run();
    forget_.run();
}

std::map<std::string, sync::ClaimsOf> Claims::load() {
    std::map<std::string, sync::ClaimsOf> claims;
    lists_.each(
        [&](Row& row) { claims[text_at(row, 0)].asked_at = Time{std::chrono::milliseconds{number_at(row, 1)}}; });
    auto of = claims.end();  // rows of one installation stand together
    all_.each([&](Row& row) {
        const std::string_view installation = view_at(row, 0);
        if (of == claims.end() || of->first != installation) of = claims.try_emplace(std::string{installation}).first;
        const sync::ClaimStatus status = status_of(view_at(row, 2));
        of->second.put({company_at(row, 1), status, text_at(row, 3), text_at(row, 4)});
    });
    return claims;
}

}  // namespace samsynk::store
