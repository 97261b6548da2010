// Which companies' present values were overwritten in the last 24 hours, a row a company and winning side.
#pragma once

#include "store/query.hpp"
#include "sync/memory.hpp"

namespace samsynk::store {

class Overwrites {
public:
    explicit Overwrites(SQLite::Database& database);
    void put(const sync::Overwrite& overwrite);
    decltype(sync::Memory::overwrites) load();

private:
    Query pull_back_, put_, all_;
};

}  // namespace samsynk::store
