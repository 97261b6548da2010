// Opens the state file so that it is whole, private, of the right version, and ours alone.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <filesystem>
#include <memory>
#include <optional>

#include "core/error.hpp"
#include "store/files.hpp"

namespace samsynk::store {

struct Opened {
    std::optional<LockFile> lock;  ///< nothing for a database that is no file
    std::unique_ptr<SQLite::Database> database;
    std::filesystem::path file;
    /// Where a damaged file was moved to, if there was one; a new state was begun in its place.
    std::optional<std::filesystem::path> set_aside;
};

/// Makes the folder (0700) and the file (0600) where there are none. A file that is damaged, or no database at all,
/// is moved to `state.db.corrupt-TIME`. All is checked after a crash, and where damage showed; else all but the
/// history. Errors: state_failed, state_newer; then nothing was changed.
Result<Opened> open_database(const std::filesystem::path& directory);

/// How much of a state is looked through for damage.
enum class Checked { all, essential };

/// Looks only. Throws SQLite::Exception: a damage (`is_damage`), or a disk that can't be read.
void check(SQLite::Database& database, Checked how);

/// Checks, configures and migrates a database that was opened already; `file` names it for people.
/// Errors: state_failed (another program's), state_newer. Throws SQLite::Exception.
Result<void> make_ready(SQLite::Database& database, const std::filesystem::path& file, Checked how = Checked::all);

/// Damage showed while it was in use: the next time that it is opened all of it is checked.
void request_full_check(const std::filesystem::path& file);

/// A consistent, whole copy as the private file `to`, flushed, in the place of what is there.
/// Throws SQLite::Exception, std::filesystem::filesystem_error.
void write_copy(SQLite::Database& database, const std::filesystem::path& to);

/// The file itself is damaged, or no database.
bool is_damage(const SQLite::Exception& exception);

/// SQLite's own words become the detail of a state_failed that names the file and says what to do.
Error error_of(const SQLite::Exception& exception, const std::filesystem::path& file);

/// Reading a whole state file without a call for each page. Only for a while: an error of the disk ends the process
/// then.
class ScopedMmap {
public:
    explicit ScopedMmap(SQLite::Database& database) : database_{database} { set(256 * 1024 * 1024); }
    ~ScopedMmap() { set(0); }
    ScopedMmap(const ScopedMmap&) = delete;
    ScopedMmap& operator=(const ScopedMmap&) = delete;

private:
    void set(int bytes);

    SQLite::Database& database_;
};

}  // namespace samsynk::store
