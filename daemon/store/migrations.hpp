// The steps that take a state file of any older version to the present one.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <filesystem>
#include <span>

#include "core/error.hpp"

namespace samsynk::store {

/// Marks a SQLite file as Samsynk's state ("SSyn").
inline constexpr std::int32_t application_id = 0x5353796e;

/// SQL that takes the schema from version N-1 to N, where N is its position from 1. Never edited once released.
struct Migration {
    const char* sql;
};

/// All of this program's migrations, in order.
std::span<const Migration> migrations();

/// Looks only. Errors: state_newer; state_failed where the file is another program's database.
Result<void> check_version(SQLite::Database& database, const std::filesystem::path& file,
                           std::span<const Migration> known = migrations());

/// Runs what is missing, each step in a transaction of its own. A file that already holds something is first
/// copied to `FILE.before-N` beside it, N being the first version it will get. Throws SQLite::Exception.
void migrate(SQLite::Database& database, const std::filesystem::path& file,
             std::span<const Migration> known = migrations());

}  // namespace samsynk::store
