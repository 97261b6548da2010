#include "store/history.hpp"

#include "store/error_codec.hpp"

namespace samsynk::store {
namespace {

// All columns of the table, and the detail that a run's error has not.
std::pair<std::int64_t, sync::HistoryRun> run_at(Row& row) {
    return {number_at(row, 0),
            {.id = text_at(row, 1),
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
             .error = reason_at(row, 12)}};
}

sync::HistoryChange change_at(Row& row, const std::string& run) {
    return {.run = run,
            .at = time_at(row, 0),
            .kind = known(sync::change_kind(view_at(row, 1))),
            .key = key_at(row, 2),
            .company = company_at(row, 4),
            .preference = maybe_preference_at(row, 5),
            .from = choice_at(row, 6),
            .to = choice_at(row, 7),
            .rule = known(sync::rule(view_at(row, 8))),
            .collaboration = sync::collaboration_state(view_at(row, 9)).value_or(sync::CollaborationState::none),
            .operation = text_at(row, 10),
            .request = text_at(row, 11),
            .by = text_at(row, 12)};
}

// Its row, if there is none yet: a change may come before its run is known (a person's choice, or one that was cut off
// by an older version).
void begin_run(Statements& state, const std::string& id, Time at) {
    state.run(
        "INSERT OR IGNORE INTO runs (id, trigger, asked_by, started_at, outcome, companies, changed, failed, held, "
        "waiting, code, message, args) VALUES (?, '', '', ?, '', 0, 0, 0, 0, 0, '', '', '')",
        id, at);
}

// By age only where the time is known to be right: a clock far ahead would make everything old.
// Looked at from the oldest on, so that a run never reads the whole table.
void forget(Statements& state, Time now) {
    const Time oldest = now - sync::history_kept;
    state.run(
        "DELETE FROM changes WHERE sequence IN (SELECT sequence FROM changes ORDER BY sequence LIMIT 1000) AND at < ?",
        oldest);
    state.run("DELETE FROM changes WHERE sequence <= (SELECT max(sequence) FROM changes) - ?",
              sync::most_history_changes);
    state.run(
        "DELETE FROM runs WHERE sequence IN (SELECT sequence FROM runs ORDER BY sequence LIMIT 1000) AND "
        "started_at < ? OR sequence <= (SELECT max(sequence) FROM runs) - ?",
        oldest, sync::most_history_runs);
}

std::vector<sync::HistoryChange> changes_of(Statements& state, std::int64_t run, const std::string& id,
                                            const std::optional<OrgNumber>& company) {
    std::vector<sync::HistoryChange> changes;
    state.each(
        "SELECT at, kind, installation, place, company, preference, from_value, to_value, rule, collaboration, "
        "operation, request, asked_by FROM changes WHERE run = ?1 AND (?2 IS NULL OR company = ?2) ORDER BY sequence",
        [&](Row& row) { changes.push_back(change_at(row, id)); }, run, company);
    return changes;
}

}  // namespace

void put_run(Statements& state, const sync::HistoryRun& run, bool time_is_confirmed) {
    begin_run(state, run.id, run.started_at);
    const Error error = run.error.value_or(Error{});
    state.run(
        "UPDATE runs SET (trigger, asked_by, started_at, finished_at, outcome, companies, changed, failed, held, "
        "waiting, code, message, args) = (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) WHERE id = ?",
        run.trigger, run.by, run.started_at, run.finished_at, run.outcome, run.companies, run.changed, run.failed,
        run.held, run.waiting, run.error ? name_of(error.code) : std::string_view{}, error.message.id,
        args_to_text(error.message.args), run.id);
    if (run.finished_at) forget(state, time_is_confirmed ? *run.finished_at : Time{});
}

void add_changes(Statements& state, const std::vector<sync::HistoryChange>& changes) {
    const std::string* run = nullptr;
    std::int64_t number = 0;
    for (const sync::HistoryChange& change : changes) {
        if (!run || *run != change.run) {
            run = &change.run;
            begin_run(state, *run, change.at);
            state.each(
                "SELECT sequence FROM runs WHERE id = ?", [&](Row& row) { number = number_at(row, 0); }, *run);
        }
        state.run(
            "INSERT INTO changes (run, at, kind, installation, place, company, preference, from_value, to_value, rule, "
            "collaboration, operation, request, asked_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            number, change.at, change.kind, change.key, change.company, change.preference, change.from, change.to,
            change.rule, change.collaboration, change.operation, change.request, change.by);
    }
}

std::vector<sync::HistoryEntry> find_history(Statements& state, const sync::HistoryQuery& query) {
    std::vector<std::pair<std::int64_t, sync::HistoryRun>> runs;
    const auto take = [&](Row& row) { runs.push_back(run_at(row)); };
    const auto limit = static_cast<std::int64_t>(query.limit);
    if (query.company)
        state.each(
            "SELECT *, '' FROM runs WHERE (?1 = '' OR id = ?1) AND sequence IN (SELECT run FROM changes WHERE "
            "company = ?3) ORDER BY sequence DESC LIMIT ?2",
            take, query.run, limit, *query.company);
    else
        state.each("SELECT *, '' FROM runs WHERE (?1 = '' OR id = ?1) ORDER BY sequence DESC LIMIT ?2", take, query.run,
                   limit);
    std::vector<sync::HistoryEntry> entries;
    for (auto& [number, run] : runs) {
        auto changes = changes_of(state, number, run.id, query.company);
        entries.push_back({std::move(run), std::move(changes)});
    }
    return entries;
}

}  // namespace samsynk::store
