#include "store/parked.hpp"

#include "store/problem_text.hpp"

namespace samsynk::store {

Parked::Parked(SQLite::Database& database)
    : put_{database,
           "INSERT OR REPLACE INTO parked (installation, place, code, message, args, detail, failures, since, "
           "next_try, "
           "last_success, version, send, receive) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
      remove_{database, "DELETE FROM parked WHERE installation = ? AND place = ?"},
      all_{database,
           "SELECT installation, place, code, message, args, detail, failures, since, next_try, last_success, version, "
           "send, receive FROM parked"} {}

void Parked::put(const sync::Parking& parking) {
    const Error& reason = parking.reason;
    put_.run(parking.key.installation, parking.key.place, name_of(reason.code), reason.message.id,
             args_to_text(reason.message.args), reason.detail, std::int64_t{parking.failures}, parking.since,
             parking.next_try, parking.last_success, parking.version, parking.local.send_all_invoices,
             parking.local.receive_invoices);
}

void Parked::remove(const sync::PlaceKey& key) { remove_.run(key.installation, key.place); }

std::map<sync::PlaceKey, sync::Parking> Parked::load() {
    std::map<sync::PlaceKey, sync::Parking> all;
    all_.each([&](Row& row) {
        sync::Parking parking{.key = {text_at(row, 0), text_at(row, 1)},
                              .reason = {code_named(text_at(row, 2)),
                                         {text_at(row, 3), args_from_text(text_at(row, 4))},
                                         text_at(row, 5)},
                              .failures = static_cast<unsigned>(number_at(row, 6)),
                              .since = time_at(row, 7),
                              .next_try = time_at(row, 8),
                              .last_success = maybe_time_at(row, 9),
                              .version = number_at(row, 10),
                              .local = {choice_at(row, 11), choice_at(row, 12)}};
        const sync::PlaceKey key = parking.key;
        all.emplace(key, std::move(parking));
    });
    return all;
}

}  // namespace samsynk::store
