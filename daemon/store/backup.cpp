#include "store/backup.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <set>
#include <string>
#include <vector>

#include "core/time.hpp"
#include "store/database.hpp"
#include "store/migrations.hpp"
#include "store/query.hpp"

namespace samsynk::store {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t most_restored = std::uint64_t{8} << 30;

Error not_done(const fs::path& file, int why) {
    return fail(Errc::state_failed, N_("{file} can't be written ({why}). The state is as it was."),
                {{"file", file.string()}, {"why", std::strerror(why)}});
}

Error no_backup(const std::string& why) {
    return fail(Errc::bad_file, N_("This is no backup that can be restored ({why}). The state is as it was."),
                {{"why", why}});
}

// What root makes in the daemon's folder is the daemon's: that file, and not what another name of it leads to.
void give_to_owner_of_folder(int descriptor, const fs::path& file) {
    struct stat folder {
    }, made{};
    if (::geteuid() != 0 || ::stat(file.parent_path().c_str(), &folder) != 0) return;
    if (::fstat(descriptor, &made) != 0 || !S_ISREG(made.st_mode) || made.st_nlink != 1) return;
    [[maybe_unused]] const int given = ::fchown(descriptor, folder.st_uid, folder.st_gid);
}
void give_to_owner_of_folder(const fs::path& file) {
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (descriptor < 0) return;
    give_to_owner_of_folder(descriptor, file);
    ::close(descriptor);
}

// Never through a link, and never what is there already: one descriptor from its making to its writing.
int make_new(const fs::path& file) {
    const int made = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (made >= 0) give_to_owner_of_folder(made, file);
    return made;
}

// What is put beside the state is gone again, unless it was kept.
class ScopedTempFile {
public:
    explicit ScopedTempFile(fs::path file) : file_{std::move(file)} { remove(); }
    ~ScopedTempFile() { remove(); }
    ScopedTempFile(const ScopedTempFile&) = delete;
    ScopedTempFile& operator=(const ScopedTempFile&) = delete;
    const fs::path& path() const { return file_; }

private:
    void remove() const { remove_beginning_with(file_); }
    fs::path file_;
};

Result<void> take_in(int source, const fs::path& file) {
    const int target = make_new(file);
    if (target < 0) return not_done(file, errno);
    std::array<char, 65536> part;
    std::uint64_t all = 0;
    int why = 0;
    for (ssize_t size = 1; why == 0 && size > 0 && all < most_restored;) {
        size = ::read(source, part.data(), part.size());
        if (size < 0 && errno == EINTR)
            size = 1;
        else if (size < 0)
            why = errno;
        else if (const ssize_t written = size > 0 ? ::write(target, part.data(), static_cast<std::size_t>(size)) : 0;
                 written != size)
            why = written < 0 ? errno : ENOSPC;
        else
            all += static_cast<std::uint64_t>(size);
    }
    ::close(target);
    if (why != 0) return not_done(file, why);
    return {};
}

// A stranger's schema is no code of ours: nothing of it runs, but for the reading of plain tables.
void distrust_schema(SQLite::Database& database) {
    for (const int what : {SQLITE_DBCONFIG_TRUSTED_SCHEMA, SQLITE_DBCONFIG_ENABLE_TRIGGER, SQLITE_DBCONFIG_ENABLE_VIEW})
        sqlite3_db_config(database.getHandle(), what, 0, nullptr);
    sqlite3_db_config(database.getHandle(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
}

// The tables and columns are our own; so their names can stand in a statement.
std::vector<std::string> steps_of(SQLite::Database& fresh) {
    SQLite::Statement tables{fresh,
                             "SELECT t.name, group_concat('\"' || c.name || '\"') FROM main.sqlite_schema t, "
                             "pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' "
                             "GROUP BY t.name"};
    std::vector<std::string> steps;
    while (tables.executeStep()) {
        const std::string table = '"' + tables.getColumn(0).getString() + '"',
                          columns = tables.getColumn(1).getString();
        steps.push_back("DELETE FROM main." + table);
        steps.push_back("INSERT INTO main." + table + " (" + columns + ") SELECT " + columns + " FROM stranger." +
                        table);
    }
    return steps;
}

// What a stranger wrote into its own tables (checks, computed columns, expressions) stays behind. Throws
// SQLite::Exception, also where a row does not fit.
void copy_rows(SQLite::Database& fresh, const fs::path& from) {
    const std::vector<std::string> steps = steps_of(fresh);
    Query{fresh, "ATTACH ? AS stranger"}.run(from.string());
    SQLite::Transaction transaction{fresh};
    for (const std::string& step : steps) fresh.exec(step);
    transaction.commit();
    fresh.exec("DETACH stranger");
}

// Of what SQLite complains about, what is the disk's fault and not the file's.
bool is_of_disk(const SQLite::Exception& problem) {
    const int code = problem.getErrorCode() & 0xFF;
    return code == SQLITE_FULL || code == SQLITE_IOERR || code == SQLITE_READONLY || code == SQLITE_CANTOPEN ||
           code == SQLITE_PERM || code == SQLITE_NOMEM || code == SQLITE_BUSY || code == SQLITE_LOCKED;
}

constexpr const char* more_than_tables =
    "SELECT count(*) FROM sqlite_schema WHERE type IN ('trigger', 'view') OR sql LIKE 'CREATE VIRTUAL%'";

// Only looks: of another version, or damaged, it is left as it came.
Result<void> verify(SQLite::Database& database, const fs::path& file) {
    if (database.execAndGet("PRAGMA integrity_check(1)").getString() != "ok") return no_backup("it is damaged");
    if (database.execAndGet("SELECT count(*) FROM sqlite_schema").getInt() == 0) return no_backup("it is empty");
    if (const auto fit = check_version(database, file); fit.has_error())
        return fit.error().code == Errc::state_newer ? fit.error() : no_backup("it is a database of another program");
    if (database.execAndGet(more_than_tables).getInt() != 0) return no_backup("it is a database of another program");
    return {};
}

// Its tables are those that this version makes: one that lacks some would stop the daemon at its first step.
bool has_our_shape(SQLite::Database& database) {
    SQLite::Database ours{":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
    migrate(ours, {});
    const auto shape = [](SQLite::Database& of) {
        std::set<std::string> all;
        SQLite::Statement columns{
            of,
            "SELECT m.type, m.name, coalesce(c.name, '') FROM sqlite_schema m LEFT JOIN pragma_table_info(m.name) c"};
        while (columns.executeStep())
            all.insert(columns.getColumn(0).getString() + " " + columns.getColumn(1).getString() + " " +
                       columns.getColumn(2).getString());
        return all;
    };
    return shape(database) == shape(ours);
}

// A base that is dropped would be first contact, where nothing marks the place. So each choice is in doubt as it was
// online, also of companies that came to be agreed on later; and as records are taken for those of another epoch, what
// shows another value by now is in doubt, too. Ids of holds that people have seen since are not given again.
constexpr const char* invalidate = R"sql(
INSERT OR REPLACE INTO doubts (company, preference, online, kind)
    SELECT r.company, p.name, CASE p.name WHEN 'send_all_invoices' THEN r.send ELSE r.receive END, 'base_lost'
    FROM records r JOIN (SELECT 'send_all_invoices' AS name UNION ALL SELECT 'receive_invoices') p;
UPDATE records SET version = -1;
DELETE FROM agreements;
DELETE FROM approvals;
DELETE FROM journal_operations;
DELETE FROM local_intents;
DELETE FROM claim_lists;
DELETE FROM claims WHERE status <> 'released';
UPDATE meta SET value = '' WHERE name = 'cursor';
INSERT OR REPLACE INTO meta (name, value) SELECT 'last_hold', 'h-' ||
    (coalesce((SELECT CAST(substr(value, 3) AS INTEGER) FROM meta WHERE name = 'last_hold'), 0) + 1000);
)sql";

Result<void> bring_up_to_date(const fs::path& file) {
    {
        SQLite::Database looked{file.string(), SQLite::OPEN_READONLY};
        distrust_schema(looked);
        if (const auto good = verify(looked, file); good.has_error()) return good;
    }
    SQLite::Database database{file.string(), SQLite::OPEN_READWRITE};
    distrust_schema(database);
    migrate(database, file);
    if (!has_our_shape(database)) return no_backup("it lacks something");
    database.exec("PRAGMA journal_mode = DELETE");
    return {};
}

Result<void> prepare(const fs::path& file) try {
    if (const auto ready = bring_up_to_date(file); ready.has_error()) return ready;
    const fs::path made = with_suffix(file, ".fresh");
    if (const int target = make_new(made); target < 0)
        return not_done(made, errno);
    else
        ::close(target);
    {
        SQLite::Database fresh{made.string(), SQLite::OPEN_READWRITE};
        distrust_schema(fresh);
        migrate(fresh, {});
        copy_rows(fresh, file);
        SQLite::Transaction transaction{fresh};
        fresh.exec(invalidate);
        transaction.commit();
    }
    if (::rename(made.c_str(), file.c_str()) != 0) return not_done(file, errno);
    return {};
} catch (const SQLite::Exception& problem) {
    if (is_damage(problem)) return no_backup("it is damaged, or no database");
    if (!is_of_disk(problem)) return no_backup("it does not hold what a state holds");
    return error_of(problem, file);
}

// What stands in the log of the state of before goes into it, so that it is one file that can be kept.
void checkpoint_wal(const fs::path& state) try {
    SQLite::Database database{state.string(), SQLite::OPEN_READWRITE};
    if (check_version(database, state).has_value()) database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
} catch (const SQLite::Exception&) {
    // It is damaged: its log is kept beside it as it is.
}

std::string time_suffix() {
    std::string time = to_rfc3339(wall_clock());
    std::erase(time, ':');
    return time;
}

// The state of before under another name too; then, in one step, the new one in its place.
Result<std::optional<fs::path>> exchange(const fs::path& state, const fs::path& restored) {
    std::optional<fs::path> before;
    std::error_code code;
    if (fs::exists(state, code)) {
        checkpoint_wal(state);
        before = free_name(with_suffix(state, ".before-restore-" + time_suffix()));
        if (::link(state.c_str(), before->c_str()) != 0) return not_done(*before, errno);
        for (const char* suffix : {"-wal", "-shm"})
            if (::rename(with_suffix(state, suffix).c_str(), with_suffix(*before, suffix).c_str()) != 0 &&
                errno != ENOENT)
                return not_done(with_suffix(*before, suffix), errno);
    }
    if (const int why = flush_file(restored); why != 0) return not_done(restored, why);
    if (::rename(restored.c_str(), state.c_str()) != 0) return not_done(state, errno);
    if (const int why = flush_file(state.parent_path()); why != 0) return not_done(state, why);
    return before;
}

}  // namespace

Result<void> copy_database(SQLite::Database& database, const fs::path& to) try {
    write_copy(database, to);
    return {};
} catch (const SQLite::Exception& problem) {
    ::unlink(to.c_str());
    return error_of(problem, to);
} catch (const fs::filesystem_error& problem) {
    ::unlink(to.c_str());
    return not_done(to, problem.code().value());
}

Result<void> copy_closed_state(const fs::path& directory, const fs::path& to) {
    const fs::path state = directory / state_file;
    if (std::error_code code; !fs::exists(state, code))
        return fail(Errc::not_found, N_("There is no state in {directory}."), {{"directory", directory.string()}});
    auto opened = open_database(directory);
    give_to_owner_of_folder(directory / lock_file);
    if (opened.has_error()) return opened.error();
    if (opened->set_aside)
        return fail(
            Errc::state_failed,
            N_("The state was damaged, so there is nothing to copy. It is kept as {file}, and a new one is begun."),
            {{"file", opened->set_aside->string()}});
    return copy_database(*opened->database, to);
}

Result<std::optional<fs::path>> restore_state(const fs::path& directory, int source) try {
    std::error_code ignored;
    if (fs::create_directories(directory, ignored)) fs::permissions(directory, fs::perms::owner_all, ignored);
    auto lock = LockFile::take(directory / lock_file);
    if (lock.has_error()) return lock.error();
    give_to_owner_of_folder(directory / lock_file);
    const ScopedTempFile restored{directory / restoring_file};
    if (const auto taken = take_in(source, restored.path()); taken.has_error()) return taken.error();
    if (const auto ready = prepare(restored.path()); ready.has_error()) return ready.error();
    return exchange(directory / state_file, restored.path());
} catch (const fs::filesystem_error& problem) {
    return not_done(problem.path1(), problem.code().value());
}

}  // namespace samsynk::store
