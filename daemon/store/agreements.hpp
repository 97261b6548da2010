// What both sides last agreed on, a row a place.
#pragma once

#include <map>

#include "store/query.hpp"
#include "sync/memory.hpp"

namespace samsynk::store {

class Agreements {
public:
    explicit Agreements(SQLite::Database& database);
    void put(const sync::AgreementUpdate& update);
    sync::Agreements load();

private:
    Query put_, all_;
};

}  // namespace samsynk::store
