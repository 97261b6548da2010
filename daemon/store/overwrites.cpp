#include "store/overwrites.hpp"

#include <sqlite3.h>

namespace samsynk::store {

Overwrites::Overwrites(SQLite::Database& database)
    : pull_back_{database, "UPDATE overwrites SET at = ?1 WHERE at > ?2"},
      put_{database, "INSERT OR REPLACE INTO overwrites (installation, won, company, at) VALUES (?, ?, ?, ?)"},
      all_{database, "SELECT installation, won, company, at FROM overwrites"} {}

void Overwrites::put(const sync::Overwrite& overwrite) {
    pull_back_.run(overwrite.at, Time{overwrite.at + sync::overwrites_kept});
    put_.run(overwrite.installation, name_of(overwrite.won), overwrite.company, overwrite.at);
}

decltype(sync::Memory::overwrites) Overwrites::load() {
    decltype(sync::Memory::overwrites) overwrites;
    all_.each([&](Row& row) {
        const auto won = sync::side(text_at(row, 1));
        if (!won) throw SQLite::Exception("a stored side has an unknown name", SQLITE_CORRUPT);
        overwrites[{text_at(row, 0), *won}].emplace(company_at(row, 2), time_at(row, 3));
    });
    return overwrites;
}

}  // namespace samsynk::store
