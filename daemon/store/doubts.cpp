#include "store/doubts.hpp"

#include <sqlite3.h>

namespace samsynk::store {

Doubts::Doubts(SQLite::Database& database)
    : put_{database, "INSERT OR REPLACE INTO doubts (company, preference, online, kind) VALUES (?, ?, ?, ?)"},
      remove_{database, "DELETE FROM doubts WHERE company = ? AND preference = ?"},
      all_{database, "SELECT company, preference, online, kind FROM doubts"} {}

void Doubts::put(const sync::Doubt& doubt) {
    put_.run(doubt.company, name_of(doubt.preference), doubt.online, name_of(doubt.kind));
}

void Doubts::remove(const OrgNumber& company, sync::Preference preference) {
    remove_.run(company, name_of(preference));
}

decltype(sync::Memory::doubts) Doubts::load() {
    decltype(sync::Memory::doubts) doubts;
    all_.each([&](Row& row) {
        const sync::Doubt doubt{company_at(row, 0), preference_at(row, 1), choice_at(row, 2), kind_at(row, 3)};
        doubts.insert_or_assign({doubt.company, doubt.preference}, doubt);
    });
    return doubts;
}

}  // namespace samsynk::store
