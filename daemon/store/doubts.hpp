// Online values that are not to be trusted, a row a company and preference.
#pragma once

#include "store/query.hpp"
#include "sync/memory.hpp"

namespace samsynk::store {

class Doubts {
public:
    explicit Doubts(SQLite::Database& database);
    void put(const sync::Doubt& doubt);
    void remove(const OrgNumber& company, sync::Preference preference);
    decltype(sync::Memory::doubts) load();

private:
    Query put_, remove_, all_;
};

}  // namespace samsynk::store
