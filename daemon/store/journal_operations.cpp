#include "store/journal_operations.hpp"

namespace samsynk::store {

JournalOperations::JournalOperations(SQLite::Database& database)
    : add_{database,
           "INSERT INTO journal_operations (id, installation, company, if_version, send, receive, created_at, "
           "overwrites, run, was_send, was_receive, rule_send, rule_receive) "
           "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
      remove_{database, "DELETE FROM journal_operations WHERE id = ?"},
      forget_{database, "DELETE FROM journal_operations"},
      all_{database,
           "SELECT id, installation, company, if_version, send, receive, created_at, overwrites, run, was_send, "
           "was_receive, rule_send, rule_receive FROM journal_operations ORDER BY sequence"} {}

void JournalOperations::add(const sync::Operation& operation) {
    add_.run(operation.id, operation.installation, operation.company, operation.if_version,
             operation.set.send_all_invoices, operation.set.receive_invoices, operation.created_at,
             operation.overwrites, operation.told.run, operation.told.was.send_all_invoices,
             operation.told.was.receive_invoices, name_of(operation.told.rules[0]), name_of(operation.told.rules[1]));
}

void JournalOperations::remove(const std::string& id) { remove_.run(id); }
void JournalOperations::forget_all() { forget_.run(); }

std::vector<sync::Operation> JournalOperations::load() {
    std::vector<sync::Operation> operations;
    all_.each([&](Row& row) {
        operations.push_back(sync::Operation{.id = text_at(row, 0),
                                             .installation = text_at(row, 1),
                                             .company = company_at(row, 2),
                                             .if_version = number_at(row, 3),
                                             .set = {choice_at(row, 4), choice_at(row, 5)},
                                             .created_at = time_at(row, 6),
                                             .overwrites = flag_at(row, 7),
                                             .told = {.run = text_at(row, 8),
                                                      .was = {choice_at(row, 9), choice_at(row, 10)},
                                                      .rules = {rule_at(row, 11), rule_at(row, 12)}}});
    });
    return operations;
}

}  // namespace samsynk::store
