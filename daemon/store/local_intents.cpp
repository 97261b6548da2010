#include "store/local_intents.hpp"

namespace samsynk::store {
LocalIntents::LocalIntents(SQLite::Database& database)
    : put_{database,
           "INSERT INTO local_intents (installation, place, preference, company, from_value, to_value, overwrites, "
           "run, rule) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (installation, place, preference) DO UPDATE SET "
           "company = excluded.company, from_value = excluded.from_value, to_value = excluded.to_value, "
           "overwrites = excluded.overwrites, run = excluded.run, rule = excluded.rule"},
      remove_{database, "DELETE FROM local_intents WHERE installation = ? AND place = ? AND preference = ?"},
      all_{database,
           "SELECT installation, place, company, preference, from_value, to_value, overwrites, run, rule FROM "
           "local_intents ORDER BY sequence"} {}

void LocalIntents::put(const sync::LocalIntent& intent) {
    put_.run(intent.key.installation, intent.key.place, name_of(intent.preference), intent.company, intent.from,
             intent.to, intent.overwrites, intent.run, name_of(intent.rule));
}

void LocalIntents::remove(const sync::PlaceKey& key, sync::Preference preference) {
    remove_.run(key.installation, key.place, name_of(preference));
}

std::vector<sync::LocalIntent> LocalIntents::load() {
    std::vector<sync::LocalIntent> intents;
    all_.each([&](Row& row) {
        intents.push_back(sync::LocalIntent{.key = {text_at(row, 0), text_at(row, 1)},
                                            .company = company_at(row, 2),
                                            .preference = preference_at(row, 3),
                                            .from = choice_at(row, 4),
                                            .to = flag_at(row, 5),
                                            .overwrites = flag_at(row, 6),
                                            .run = text_at(row, 7),
                                            .rule = rule_at(row, 8)});
    });
    return intents;
}

}  // namespace samsynk::store
