// What was done, for people: a row a run, a row a change. Bounded in age and number.
// Everything here throws SQLite::Exception.
#pragma once

#include <vector>

#include "store/query.hpp"
#include "sync/history.hpp"

namespace samsynk::store {

/// Replaces what is known of it, and forgets what is too much and, where the time is confirmed, what is too old.
void put_run(Statements& state, const sync::HistoryRun& run, bool time_is_confirmed);
void add_changes(Statements& state, const std::vector<sync::HistoryChange>& changes);
std::vector<sync::HistoryEntry> find_history(Statements& state, const sync::HistoryQuery& query);

}  // namespace samsynk::store
