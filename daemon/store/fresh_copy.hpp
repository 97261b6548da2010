// The rows of a file that someone brought, without anything else that is in it.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <filesystem>

namespace samsynk::store {

/// A stranger's schema is no code of ours: nothing of it runs, but for the reading of plain tables.
void distrust_schema(SQLite::Database& database);

/// All rows of `from` into the tables of `fresh`, which this program made: what a stranger wrote into its own (checks,
/// computed columns, expressions) stays behind. Throws SQLite::Exception, also where a row does not fit.
void copy_rows(SQLite::Database& fresh, const std::filesystem::path& from);

/// Of what SQLite complains about, what is the disk's fault and not the file's.
bool is_of_disk(const SQLite::Exception& problem);

}  // namespace samsynk::store
