// The real store under an agent of the tests: blocking, without a pool, and every error of it is kept for the test.
#pragma once

#include <vector>

#include "agent/ports.hpp"
#include "store/sqlite_store.hpp"
#include "support/gate.hpp"

namespace samsynk::support {

class SqliteDisk : public agent::Store {
public:
    /// Neither is owned.
    SqliteDisk(store::SqliteStore& store, Gate& gate, std::vector<Error>& errors)
        : store_{store}, gate_{gate}, errors_{errors} {}

    agent::Async<sync::Memory> load() override {
        (void)co_await gate_.pass("load");
        co_return noted(store_.load());
    }
    agent::Async<> commit(sync::Commit commit) override {
        (void)co_await gate_.pass("commit");
        co_return noted(store_.commit(commit));
    }
    agent::Async<std::vector<sync::Record>> records(std::vector<OrgNumber> companies) override {
        (void)co_await gate_.pass("records");
        co_return noted(store_.records(companies));
    }
    agent::Async<std::vector<sync::HistoryEntry>> history(sync::HistoryQuery query) override {
        (void)co_await gate_.pass("history");
        co_return noted(store_.history(query));
    }

private:
    template <class T>
    Result<T> noted(Result<T> result) {
        if (result.has_error()) errors_.push_back(result.error());
        return result;
    }

    store::SqliteStore& store_;
    Gate& gate_;
    std::vector<Error>& errors_;
};

}  // namespace samsynk::support
