#include "store/marks.hpp"

namespace samsynk::store {

Marks::Marks(SQLite::Database& database)
    : put_{database, "INSERT OR REPLACE INTO marks (installation, mark) VALUES (?, ?)"},
      all_{database, "SELECT installation, mark FROM marks"} {}

void Marks::put(const sync::InstallationMark& mark) { put_.run(mark.installation, mark.mark); }

std::map<std::string, std::string> Marks::load() {
    std::map<std::string, std::string> marks;
    all_.each([&](Row& row) { marks.emplace(text_at(row, 0), text_at(row, 1)); });
    return marks;
}

}  // namespace samsynk::store
