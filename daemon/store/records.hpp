// The last online record of each company: small for planning, whole for telling the local program.
#pragma once

#include <optional>
#include <unordered_map>

#include "store/query.hpp"
#include "sync/memory.hpp"

namespace samsynk::store {

class Records {
public:
    explicit Records(SQLite::Database& database);
    void put(const sync::Record& record);  ///< ignored where the stored version is higher
    void mark_missing(const OrgNumber& company);
    void reset_versions();  ///< all become −1: a new epoch counts anew
    std::unordered_map<OrgNumber, sync::OnlineView> views();
    std::optional<sync::Record> find(const OrgNumber& company);  ///< nothing where unknown or gone

private:
    Query put_, put_gone_, mark_missing_, reset_, views_, find_;
};

}  // namespace samsynk::store
