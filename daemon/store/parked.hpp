// Companies that failed: why, and when they are tried again; a row a place.
#pragma once

#include "store/query.hpp"
#include "sync/memory.hpp"

namespace samsynk::store {

class Parked {
public:
    explicit Parked(SQLite::Database& database);
    void put(const sync::Parking& parking);
    void remove(const sync::PlaceKey& key);
    std::map<sync::PlaceKey, sync::Parking> load();

private:
    Query put_, remove_, all_;
};

}  // namespace samsynk::store
