// The last online record of each company: small for planning, whole for telling the local program.
// Everything here throws SQLite::Exception.
#pragma once

#include <optional>
#include <unordered_map>

#include "store/query.hpp"
#include "sync/memory.hpp"

namespace samsynk::store {

void put_record(Statements& state, const sync::Record& record);  ///< ignored where the stored version is higher
void mark_missing(Statements& state, const OrgNumber& company);
void reset_versions(Statements& state);  ///< all become those of another epoch
std::unordered_map<OrgNumber, sync::OnlineView> load_views(Statements& state);
/// Nothing where it is unknown or gone.
std::optional<sync::Record> find_record(Statements& state, const OrgNumber& company);

}  // namespace samsynk::store
