#include "store/holds.hpp"

namespace samsynk::store {

Holds::Holds(SQLite::Database& database)
    : forget_{database, "DELETE FROM holds"},
      forget_rows_{database, "DELETE FROM hold_rows"},
      put_{database, "INSERT INTO holds (id, kind, installation, planned, since) VALUES (?, ?, ?, ?, ?)"},
      put_row_{database,
               "INSERT INTO hold_rows (hold, place, company, preference, local, online) VALUES (?, ?, ?, ?, ?, ?)"},
      all_{database, "SELECT id, kind, installation, planned, since FROM holds ORDER BY sequence"},
      rows_{database,
            "SELECT place, company, preference, local, online FROM hold_rows WHERE hold = ? ORDER BY sequence"} {}

void Holds::replace(const std::vector<sync::Hold>& holds) {
    forget_.run();
    forget_rows_.run();
    for (const sync::Hold& hold : holds) {
        put_.run(hold.id, name_of(hold.kind), hold.installation, hold.planned ? name_of(*hold.planned) : "",
                 hold.since);
        for (const sync::HoldRow& row : hold.rows)
            put_row_.run(hold.id, row.key.place, row.company, row.preference ? name_of(*row.preference) : "", row.local,
                         row.online);
    }
}

std::vector<sync::Hold> Holds::load() {
    std::vector<sync::Hold> holds;
    all_.each([&](Row& row) {
        holds.push_back({.id = text_at(row, 0),
                         .kind = kind_at(row, 1),
                         .installation = text_at(row, 2),
                         .planned = sync::side(text_at(row, 3)),
                         .since = time_at(row, 4),
                         .rows = {}});
    });
    for (sync::Hold& hold : holds)
        rows_.each(
            [&](Row& row) {
                hold.rows.push_back({{hold.installation, text_at(row, 0)},
                                     company_at(row, 1),
                                     maybe_preference_at(row, 2),
                                     choice_at(row, 3),
                                     choice_at(row, 4)});
            },
            hold.id);
    return holds;
}

}  // namespace samsynk::store
