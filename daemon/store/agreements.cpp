#include "store/agreements.hpp"

namespace samsynk::store {

Agreements::Agreements(SQLite::Database& database)
    : put_{database,
           "INSERT INTO agreements (installation, place, company, send, receive, follows) VALUES (?, ?, ?, ?, ?, ?) ON "
           "CONFLICT DO UPDATE SET company = excluded.company, send = excluded.send, receive = excluded.receive, "
           "follows = excluded.follows"},
      all_{database,
           "SELECT installation, place, company, send, receive, follows FROM agreements ORDER BY installation, place"} {
}

void Agreements::put(const sync::AgreementUpdate& update) {
    const sync::Agreement& agreement = update.agreement;
    put_.run(update.key.installation, update.key.place, agreement.company, agreement.base.send_all_invoices,
             agreement.base.receive_invoices, agreement.follows);
}

sync::Agreements Agreements::load() {
    sync::Agreements agreements;
    all_.each([&](Row& row) {
        agreements.put({text_at(row, 0), text_at(row, 1)},
                       {company_at(row, 2), {choice_at(row, 3), choice_at(row, 4)}, flag_at(row, 5)});
    });
    return agreements;
}

}  // namespace samsynk::store
