// Copies of the state, and the way back: what a person keeps elsewhere, and puts in place when the disk is gone.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <filesystem>
#include <optional>

#include "core/error.hpp"
#include "store/files.hpp"

namespace samsynk::store {

/// A consistent, whole copy of an open database as the private file `to`, flushed. Error state_failed.
Result<void> copy_database(SQLite::Database& database, const std::filesystem::path& to);

/// The same of a state that nobody has open. Errors: state_failed (also: a daemon has it, named by its process),
/// state_newer, not_found (there is no state).
Result<void> copy_closed_state(const std::filesystem::path& directory, const std::filesystem::path& to);

/// Puts a copy, read from `source` to its end, in the place of the state in `directory`. Refused with nothing changed
/// where a daemon has the state, or the copy is damaged, of another program or of a newer version.
///
/// What the copy holds is old: nothing may be done because of it. So what was last agreed, answers given, claims, and
/// operations and writes that were under way are dropped, and everything is gathered anew. Where the two sides of a
/// company are equal that is agreed again; where they differ, a person decides (base_lost). History and holds stay.
///
/// Cut off at any moment, the state is the one of before or the restored one. Gives where the one of before is kept;
/// nothing where there was none. Errors: bad_file, state_newer, state_failed.
Result<std::optional<std::filesystem::path>> restore_state(const std::filesystem::path& directory, int source);

}  // namespace samsynk::store
