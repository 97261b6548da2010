// What the agent remembers, in the tables of the state file. Everything here throws SQLite::Exception.
#pragma once

#include <vector>

#include "store/query.hpp"
#include "sync/memory.hpp"

namespace samsynk::store {

sync::Memory load_memory(Statements& state);
/// A part of it: the operations without a clear answer, in the order in which they were added.
std::vector<sync::Operation> load_operations(Statements& state);

/// Does what Memory::apply does, and keeps the history. The transaction is the caller's.
void write_commit(Statements& state, const sync::Commit& commit);

}  // namespace samsynk::store
