// What waits for a person: a row a hold, and a row for each value that it is about.
#pragma once

#include <vector>

#include "store/query.hpp"
#include "sync/memory.hpp"

namespace samsynk::store {

class Holds {
public:
    explicit Holds(SQLite::Database& database);
    void replace(const std::vector<sync::Hold>& holds);
    std::vector<sync::Hold> load();

private:
    Query forget_, forget_rows_, put_, put_row_, all_, rows_;
};

}  // namespace samsynk::store
