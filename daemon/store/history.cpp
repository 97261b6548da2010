#include "store/history.hpp"

#include <sqlite3.h>

#include "store/problem_text.hpp"

namespace samsynk::store {
namespace {

constexpr const char* run_columns =
    "sequence, id, trigger, asked_by, started_at, finished_at, outcome, companies, changed, failed, held, waiting, "
    "code, "
    "message, args";
// Looked at from the oldest on, so that a run never reads the whole table.
constexpr const char* forget_old_sql =
    "DELETE FROM changes WHERE sequence IN (SELECT sequence FROM changes ORDER BY sequence LIMIT 1000) AND at < ?";
constexpr const char* forget_many_sql = "DELETE FROM changes WHERE sequence <= (SELECT max(sequence) FROM changes) - ?";
constexpr const char* forget_runs_sql =
    "DELETE FROM runs WHERE sequence IN (SELECT sequence FROM runs ORDER BY sequence LIMIT 1000) AND started_at < ? OR "
    "sequence <= (SELECT max(sequence) FROM runs) - ?";
constexpr const char* changes_sql =
    "SELECT at, kind, installation, place, company, preference, from_value, to_value, rule, collaboration, operation, "
    "request, asked_by FROM changes WHERE run = ?1 AND (?2 IS NULL OR company = ?2) ORDER BY sequence";

std::pair<std::int64_t, sync::HistoryRun> run_at(Row& row) {
    sync::HistoryRun run{.id = text_at(row, 1),
                         .trigger = text_at(row, 2),
                         .by = text_at(row, 3),
                         .started_at = time_at(row, 4),
                         .finished_at = maybe_time_at(row, 5),
                         .outcome = text_at(row, 6),
                         .companies = number_at(row, 7),
                         .changed = number_at(row, 8),
                         .failed = number_at(row, 9),
                         .held = number_at(row, 10),
                         .waiting = number_at(row, 11),
                         .error = {}};
    if (const std::string code = text_at(row, 12); !code.empty())
        run.error = Error{code_named(code), {text_at(row, 13), args_from_text(text_at(row, 14))}, {}};
    return {number_at(row, 0), std::move(run)};
}

sync::HistoryChange change_at(Row& row, const std::string& run) {
    const auto kind = sync::change_kind(text_at(row, 1));
    if (!kind) throw SQLite::Exception("a stored change is of an unknown kind", SQLITE_CORRUPT);
    return sync::HistoryChange{
        .run = run,
        .at = time_at(row, 0),
        .kind = *kind,
        .key = {text_at(row, 2), text_at(row, 3)},
        .company = company_at(row, 4),
        .preference = maybe_preference_at(row, 5),
        .from = choice_at(row, 6),
        .to = choice_at(row, 7),
        .rule = rule_at(row, 8),
        .collaboration = sync::collaboration_state(text_at(row, 9)).value_or(sync::CollaborationState::none),
        .operation = text_at(row, 10),
        .request = text_at(row, 11),
        .by = text_at(row, 12)};
}

}  // namespace

History::History(SQLite::Database& database)
    : put_{database,
           "INSERT INTO runs (id, trigger, asked_by, started_at, finished_at, outcome, companies, changed, failed, "
           "held, "
           "waiting, code, message, args) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE "
           "SET trigger = excluded.trigger, asked_by = excluded.asked_by, started_at = excluded.started_at, "
           "finished_at = excluded.finished_at, outcome = excluded.outcome, companies = excluded.companies, "
           "changed = excluded.changed, failed = excluded.failed, held = excluded.held, waiting = excluded.waiting, "
           "code = excluded.code, message = excluded.message, args = excluded.args"},
      begin_{
          database,
          "INSERT OR IGNORE INTO runs (id, trigger, asked_by, started_at, outcome, companies, changed, failed, held, "
          "waiting, code, message, args) VALUES (?, '', '', ?, '', 0, 0, 0, 0, 0, '', '', '')"},
      number_{database, "SELECT sequence FROM runs WHERE id = ?"},
      add_{database,
           "INSERT INTO changes (run, at, kind, installation, place, company, preference, from_value, to_value, rule, "
           "collaboration, operation, request, asked_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
      runs_{database, std::string{"SELECT "} + run_columns +
                          " FROM runs WHERE (?1 = '' OR id = ?1) ORDER BY sequence DESC LIMIT ?2"},
      runs_of_{database, std::string{"SELECT "} + run_columns +
                             " FROM runs WHERE (?1 = '' OR id = ?1) AND sequence IN (SELECT run FROM changes WHERE "
                             "company = ?3) ORDER BY sequence DESC LIMIT ?2"},
      changes_{database, changes_sql},
      forget_old_{database, forget_old_sql},
      forget_many_{database, forget_many_sql},
      forget_runs_{database, forget_runs_sql} {}

void History::put(const sync::HistoryRun& run, bool time_is_confirmed) {
    const Error error = run.error.value_or(Error{});
    put_.run(run.id, run.trigger, run.by, run.started_at, run.finished_at, run.outcome, run.companies, run.changed,
             run.failed, run.held, run.waiting, run.error ? name_of(error.code) : std::string_view{}, error.message.id,
             args_to_text(error.message.args));
    if (run.finished_at) forget(time_is_confirmed ? *run.finished_at : Time{});
}

// By age only where the time is known to be right: a clock far ahead would make everything old.
void History::forget(Time now) {
    const Time oldest = now - sync::history_kept;
    forget_old_.run(oldest);
    forget_many_.run(sync::most_history_changes);
    forget_runs_.run(oldest, sync::most_history_runs);
}

// A change may come before its run is known: a person's choice, or one that was cut off by an older version.
std::int64_t History::number_of(const sync::HistoryChange& change) {
    std::int64_t number = 0;
    begin_.run(change.run, change.at);
    number_.each([&](Row& row) { number = number_at(row, 0); }, change.run);
    return number;
}

void History::add(const std::vector<sync::HistoryChange>& changes) {
    const std::string* run = nullptr;
    std::int64_t number = 0;
    for (const sync::HistoryChange& change : changes) {
        if (!run || *run != change.run) number = number_of(change);
        run = &change.run;
        add_.run(number, change.at, name_of(change.kind), change.key.installation, change.key.place, change.company,
                 change.preference ? name_of(*change.preference) : std::string_view{}, change.from, change.to,
                 name_of(change.rule), name_of(change.collaboration), change.operation, change.request, change.by);
    }
}

std::vector<sync::HistoryChange> History::changes_of(std::int64_t run, const std::string& id,
                                                     const std::optional<OrgNumber>& company) {
    std::vector<sync::HistoryChange> changes;
    changes_.each([&](Row& row) { changes.push_back(change_at(row, id)); }, run, company);
    return changes;
}

std::vector<sync::HistoryEntry> History::find(const sync::HistoryQuery& query) {
    std::vector<std::pair<std::int64_t, sync::HistoryRun>> runs;
    const auto take = [&](Row& row) { runs.push_back(run_at(row)); };
    const auto limit = static_cast<std::int64_t>(query.limit);
    if (query.company)
        runs_of_.each(take, query.run, limit, *query.company);
    else
        runs_.each(take, query.run, limit);
    std::vector<sync::HistoryEntry> entries;
    for (auto& [number, run] : runs) {
        auto changes = changes_of(number, run.id, query.company);
        entries.push_back({std::move(run), std::move(changes)});
    }
    return entries;
}

}  // namespace samsynk::store
