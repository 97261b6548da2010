#include "store/database.hpp"

#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string>

#include "core/time.hpp"
#include "store/migrations.hpp"
#include "store/query.hpp"

namespace samsynk::store {
namespace {

namespace fs = std::filesystem;

constexpr const char* check_wanted = ".suspect";  // beside a state file that is to be checked as a whole

std::string time_for_name() {
    std::string time = to_rfc3339(wall_clock());
    std::erase_if(time, [](char c) { return c == '-' || c == ':'; });
    return time;
}

// Moved as a whole: the write-ahead log belongs to the file and may be what can still be read of it.
fs::path move_aside(const fs::path& file) {
    fs::path target = free_name(with_suffix(file, ".corrupt-" + time_for_name()));
    fs::rename(file, target);
    if (fs::exists(with_suffix(file, "-wal"))) fs::rename(with_suffix(file, "-wal"), with_suffix(target, "-wal"));
    fs::remove(with_suffix(file, "-shm"));
    fs::remove(with_suffix(file, check_wanted));
    (void)flush_file(file.parent_path());
    return target;
}

// Reads a file of the database to its end. Throws SQLite::Exception where the disk can't.
void read_through(SQLite::Database& database, int which) {
    sqlite3_file* file = nullptr;
    if (sqlite3_file_control(database.getHandle(), "main", which, &file) != SQLITE_OK || !file || !file->pMethods)
        return;
    sqlite3_int64 size = 0;
    int code = file->pMethods->xFileSize(file, &size);
    std::array<char, 16384> block{};
    for (sqlite3_int64 at = 0; code == SQLITE_OK && at < size; at += static_cast<sqlite3_int64>(block.size())) {
        const auto left = std::min<sqlite3_int64>(size - at, static_cast<sqlite3_int64>(block.size()));
        code = file->pMethods->xRead(file, block.data(), static_cast<int>(left), at);
    }
    if (code != SQLITE_OK) throw SQLite::Exception("The file can't be read to its end.", code);
}

// What SQLite finds wrong, or "ok". The history is the larger part and decides nothing: it need not be looked at each
// time.
std::string look_for_damage(SQLite::Database& database, Checked how) {
    if (how == Checked::all) return database.execAndGet("PRAGMA quick_check(1)").getString();
    SQLite::Statement tables{database,
                             "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN ('runs', 'changes')"};
    while (tables.executeStep()) {
        const std::string check = "PRAGMA quick_check(" + tables.getColumn(0).getString() + ")";
        if (std::string answer = database.execAndGet(check).getString(); answer != "ok") return answer;
    }
    return "ok";
}

// Little memory: the whole state is read once at start, and then only written.
void configure(SQLite::Database& database) {
    database.exec("PRAGMA journal_mode = WAL");
    database.exec("PRAGMA synchronous = FULL");
    database.exec("PRAGMA foreign_keys = ON");
    database.exec("PRAGMA temp_store = MEMORY");
    database.exec("PRAGMA cache_size = -512");
    database.exec("PRAGMA journal_size_limit = 1048576");
}

Result<std::unique_ptr<SQLite::Database>> open_file(const fs::path& file) {
    const bool interrupted = fs::exists(with_suffix(file, "-wal"));
    const fs::path wanted = with_suffix(file, check_wanted);
    const bool suspected = fs::exists(wanted);
    make_private_file(file);
    // One thread at a time uses it: SQLite need not see to that.
    const int how = SQLite::OPEN_READWRITE | SQLite::OPEN_NOMUTEX;
    auto database = std::make_unique<SQLite::Database>(file.string(), how, 5000);
    // Until the version is known, what another version left in its log is not to be moved into the file.
    if (interrupted) sqlite3_db_config(database->getHandle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    database->exec("PRAGMA cache_size = -512");
    auto ready = make_ready(*database, file, interrupted || suspected ? Checked::all : Checked::essential);
    if (ready.has_error()) return ready.error();
    if (suspected) ::unlink(wanted.c_str());
    return database;
}

Error no_folder(const fs::path& directory, const std::string& detail) {
    return fail(
        Errc::state_failed,
        N_("The state folder {directory} can't be used. Make it, and make it writable for the user of samsynkd."),
        {{"directory", directory.string()}}, detail);
}

Result<void> make_folder(const fs::path& directory) {
    std::error_code error;
    if (fs::is_directory(directory, error)) return {};
    if (fs::create_directories(directory, error); error) return no_folder(directory, error.message());
    fs::permissions(directory, fs::perms::owner_all, error);
    return {};
}

}  // namespace

// SQLite's check speaks of a disk that can't be read as it does of a damaged file. Only the latter is set aside: so
// what seems damaged is read through, and looked at again.
void check(SQLite::Database& database, Checked how) {
    const ScopedMmap mapped{database};
    if (look_for_damage(database, how) == "ok") return;
    read_through(database, SQLITE_FCNTL_FILE_POINTER);
    read_through(database, SQLITE_FCNTL_JOURNAL_POINTER);
    if (const std::string answer = look_for_damage(database, how); answer != "ok")
        throw SQLite::Exception(answer, SQLITE_CORRUPT);
}

void write_copy(SQLite::Database& database, const fs::path& to) {
    fs::remove(to);
    make_private_file(to);
    Query{database, "VACUUM INTO ?"}.run(to.string());
    if (const int why = flush_file(to); why != 0)
        throw fs::filesystem_error("can't be flushed", to, {why, std::generic_category()});
}

void ScopedMmap::set(int bytes) { (void)database_.tryExec("PRAGMA mmap_size = " + std::to_string(bytes)); }

bool is_damage(const SQLite::Exception& exception) {
    return exception.getErrorCode() == SQLITE_NOTADB || exception.getErrorCode() == SQLITE_CORRUPT;
}

Error error_of(const SQLite::Exception& exception, const fs::path& file) {
    const auto failed = [&](const char* sentence) {
        return fail(Errc::state_failed, sentence, {{"file", file.string()}}, exception.getErrorStr());
    };
    switch (exception.getErrorCode()) {
        case SQLITE_FULL:
            return failed(N_("There is no room left on the disk of {file}. Make room; the next run goes on."));
        case SQLITE_READONLY:
        case SQLITE_CANTOPEN:
        case SQLITE_PERM:
            return failed(
                N_("The state file {file} can't be written. Make it and its folder writable for the user of "
                   "samsynkd."));
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return failed(N_("Another program keeps the state file {file} locked. Close that program."));
        case SQLITE_NOTADB:
        case SQLITE_CORRUPT:
            return failed(
                N_("The state file {file} is damaged. Restart samsynkd: it sets the file aside and gathers anew."));
        default:
            return failed(N_("The state file {file} failed. The log has the details; check its disk."));
    }
}

void request_full_check(const fs::path& file) try {
    if (fs::exists(file)) make_private_file(with_suffix(file, check_wanted));
} catch (const fs::filesystem_error&) {
    // The damage itself is told of.
}

Result<void> make_ready(SQLite::Database& database, const fs::path& file, Checked how) {
    if (auto fit = check_version(database, file); fit.has_error()) return fit.error();
    sqlite3_db_config(database.getHandle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, nullptr);
    check(database, how);
    configure(database);
    migrate(database, file);
    return {};
}

Result<Opened> open_database(const fs::path& directory) {
    if (auto made = make_folder(directory); made.has_error()) return made.error();
    auto lock = LockFile::take(directory / lock_file);
    if (lock.has_error()) return lock.error();
    // Copies that were cut off: as we hold the lock, nobody is making them now.
    for (const char* left : {copy_file, restoring_file}) remove_beginning_with(directory / left);
    const fs::path file = directory / state_file;
    std::optional<fs::path> aside;
    try {
        for (;;) try {
                auto database = open_file(file);
                if (database.has_error()) return database.error();
                return Opened{std::move(*lock), std::move(*database), file, aside};
            } catch (const SQLite::Exception& exception) {
                if (aside || !is_damage(exception)) return error_of(exception, file);
                aside = move_aside(file);
            }
    } catch (const fs::filesystem_error& error) {
        return no_folder(directory, error.what());
    }
}

}  // namespace samsynk::store
