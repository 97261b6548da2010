// Replacements of local values that are about to be made, so that a crash does not turn them into a person's choice.
#pragma once

#include <vector>

#include "store/query.hpp"
#include "sync/memory.hpp"

namespace samsynk::store {

class LocalIntents {
public:
    explicit LocalIntents(SQLite::Database& database);
    void put(const sync::LocalIntent& intent);  ///< one a place and preference: a newer one takes its place
    void remove(const sync::PlaceKey& key, sync::Preference preference);
    std::vector<sync::LocalIntent> load();  ///< in the order in which they were first put

private:
    Query put_, remove_, all_;
};

}  // namespace samsynk::store
