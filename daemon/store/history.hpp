// What was done, for people: a row a run, a row a change. Bounded in age and number.
#pragma once

#include <vector>

#include "store/query.hpp"
#include "sync/history.hpp"

namespace samsynk::store {

class History {
public:
    explicit History(SQLite::Database& database);
    /// Replaces what is known of it, and forgets what is too much and, where the time is confirmed, what is too old.
    void put(const sync::HistoryRun& run, bool time_is_confirmed);
    void add(const std::vector<sync::HistoryChange>& changes);
    std::vector<sync::HistoryEntry> find(const sync::HistoryQuery& query);

private:
    std::int64_t number_of(const sync::HistoryChange& change);
    void forget(Time now);
    std::vector<sync::HistoryChange> changes_of(std::int64_t run, const std::string& id,
                                                const std::optional<OrgNumber>& company);

    Query put_, begin_, number_, add_, runs_, runs_of_, changes_, forget_old_, forget_many_, forget_runs_;
};

}  // namespace samsynk::store
