#include "store/approvals.hpp"

#include <sqlite3.h>

namespace samsynk::store {
namespace {

std::string_view name_or_none(const std::optional<sync::Preference>& preference) {
    return preference ? name_of(*preference) : std::string_view{};
}

}  // namespace

Approvals::Approvals(SQLite::Database& database)
    : put_{database,
           "INSERT OR REPLACE INTO approvals (installation, place, preference, company, kind, local, online, take) "
           "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"},
      remove_{database, "DELETE FROM approvals WHERE installation = ? AND place = ? AND preference = ?"},
      all_{database, "SELECT installation, place, company, preference, local, online, kind, take FROM approvals"} {}

void Approvals::put(const sync::Approval& approval) {
    const sync::HoldRow& row = approval.row;
    put_.run(row.key.installation, row.key.place, name_or_none(row.preference), row.company, name_of(approval.kind),
             row.local, row.online, name_of(approval.take));
}

void Approvals::remove(const sync::ApprovalKey& key) {
    remove_.run(key.first.installation, key.first.place, name_or_none(key.second));
}

decltype(sync::Memory::approvals) Approvals::load() {
    decltype(sync::Memory::approvals) approvals;
    all_.each([&](Row& row) {
        const auto take = sync::side(text_at(row, 7));
        if (!take) throw SQLite::Exception("a stored side has an unknown name", SQLITE_CORRUPT);
        const sync::HoldRow asked{{text_at(row, 0), text_at(row, 1)},
                                  company_at(row, 2),
                                  maybe_preference_at(row, 3),
                                  choice_at(row, 4),
                                  choice_at(row, 5)};
        approvals.insert_or_assign({asked.key, asked.preference}, sync::Approval{kind_at(row, 6), asked, *take});
    });
    return approvals;
}

}  // namespace samsynk::store
