#include "store/fresh_copy.hpp"

#include <sqlite3.h>

#include <string>
#include <vector>

#include "store/query.hpp"

namespace samsynk::store {
namespace {

// The tables and columns are our own; so their names can stand in a statement.
std::vector<std::string> steps_of(SQLite::Database& fresh) {
    SQLite::Statement tables{fresh,
                             "SELECT t.name, group_concat('\"' || c.name || '\"') FROM main.sqlite_schema t, "
                             "pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' "
                             "GROUP BY t.name"};
    std::vector<std::string> steps;
    while (tables.executeStep()) {
        const std::string table = '"' + tables.getColumn(0).getString() + '"',
                          columns = tables.getColumn(1).getString();
        steps.push_back("DELETE FROM main." + table);
        steps.push_back("INSERT INTO main." + table + " (" + columns + ") SELECT " + columns + " FROM stranger." +
                        table);
    }
    return steps;
}

}  // namespace

void distrust_schema(SQLite::Database& database) {
    for (const int what : {SQLITE_DBCONFIG_TRUSTED_SCHEMA, SQLITE_DBCONFIG_ENABLE_TRIGGER, SQLITE_DBCONFIG_ENABLE_VIEW})
        sqlite3_db_config(database.getHandle(), what, 0, nullptr);
    sqlite3_db_config(database.getHandle(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
}

void copy_rows(SQLite::Database& fresh, const std::filesystem::path& from) {
    const std::vector<std::string> steps = steps_of(fresh);
    Query{fresh, "ATTACH ? AS stranger"}.run(from.string());
    SQLite::Transaction transaction{fresh};
    for (const std::string& step : steps) fresh.exec(step);
    transaction.commit();
    fresh.exec("DETACH stranger");
}

bool is_of_disk(const SQLite::Exception& problem) {
    const int code = problem.getErrorCode() & 0xFF;
    return code == SQLITE_FULL || code == SQLITE_IOERR || code == SQLITE_READONLY || code == SQLITE_CANTOPEN ||
           code == SQLITE_PERM || code == SQLITE_NOMEM || code == SQLITE_BUSY || code == SQLITE_LOCKED;
}

}  // namespace samsynk::store
