#include "store/meta.hpp"

namespace samsynk::store {

Meta::Meta(SQLite::Database& database)
    : get_{database, "SELECT value FROM meta WHERE name = ?"},
      put_{database, "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value"} {}

std::string Meta::get(const std::string& name) {
    std::string value;
    get_.each([&](Row& row) { value = text_at(row, 0); }, name);
    return value;
}

void Meta::put(const std::string& name, const std::string& value) { put_.run(name, value); }

}  // namespace samsynk::store
