// What people answered, a row an answered value; good once.
#pragma once

#include "store/query.hpp"
#include "sync/memory.hpp"

namespace samsynk::store {

class Approvals {
public:
    explicit Approvals(SQLite::Database& database);
    void put(const sync::Approval& approval);
    void remove(const sync::ApprovalKey& key);
    decltype(sync::Memory::approvals) load();

private:
    Query put_, remove_, all_;
};

}  // namespace samsynk::store
