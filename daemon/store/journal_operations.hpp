// Operations that are about to be sent, or were sent without a clear answer: on disk before they leave.
#pragma once

#include <vector>

#include "store/query.hpp"
#include "sync/model.hpp"

namespace samsynk::store {

class JournalOperations {
public:
    explicit JournalOperations(SQLite::Database& database);
    void add(const sync::Operation& operation);
    void remove(const std::string& id);
    void forget_all();
    std::vector<sync::Operation> load();  ///< in the order in which they were added

private:
    Query add_, remove_, forget_, all_;
};

}  // namespace samsynk::store
