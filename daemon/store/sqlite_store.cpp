#include "store/sqlite_store.hpp"

#include <sqlite3.h>

#include "store/backup.hpp"
#include "store/history.hpp"
#include "store/records.hpp"
#include "store/tables.hpp"

namespace samsynk::store {
namespace {

constexpr std::size_t most_cached = 100;  // rows of one commit whose pages stay in memory for the next one

// Not waited for until it is on disk. What is committed later never gets there before it.
class ScopedRelaxedSync {
public:
    ScopedRelaxedSync(SQLite::Database& database, bool wanted) : database_{database}, wanted_{wanted} {
        if (wanted_) database_.exec("PRAGMA synchronous = NORMAL");
    }
    ~ScopedRelaxedSync() {
        if (wanted_) (void)database_.tryExec("PRAGMA synchronous = FULL");
    }
    ScopedRelaxedSync(const ScopedRelaxedSync&) = delete;
    ScopedRelaxedSync& operator=(const ScopedRelaxedSync&) = delete;

private:
    SQLite::Database& database_;
    bool wanted_;
};

}  // namespace

// The one place where SQLite's exceptions end.
template <class Work>
auto SqliteStore::guarded(Work work) -> Result<decltype(work())> {
    try {
        if constexpr (std::is_void_v<decltype(work())>) {
            work();
            return {};
        } else {
            return work();
        }
    } catch (const SQLite::Exception& exception) {
        if (is_damage(exception)) request_full_check(file());
        return error_of(exception, file());
    }
}

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const std::filesystem::path& directory) {
    auto opened = open_database(directory);
    if (opened.has_error()) return opened.error();
    return std::make_unique<SqliteStore>(std::move(*opened));
}

Result<sync::Memory> SqliteStore::load() {
    return guarded([&] {
        const ScopedMmap mapped{*opened_.database};
        return load_memory(state_);
    });
}

Result<void> SqliteStore::commit(const sync::Commit& commit) {
    if (commit.empty()) return {};
    return guarded([&] {
        const ScopedRelaxedSync relaxed{*opened_.database, commit.may_be_lost()};
        SQLite::Transaction transaction{*opened_.database, SQLite::TransactionBehavior::IMMEDIATE};
        write_commit(state_, commit);
        transaction.commit();
        // After much was written, the cache's pages are better used elsewhere.
        if (commit.records.size() + commit.agreements.size() > most_cached)
            sqlite3_db_release_memory(opened_.database->getHandle());
    });
}

Result<std::vector<sync::Record>> SqliteStore::records(const std::vector<OrgNumber>& companies) {
    return guarded([&] {
        std::vector<sync::Record> found;
        for (const OrgNumber& company : companies)
            if (auto record = find_record(state_, company)) found.push_back(std::move(*record));
        return found;
    });
}

Result<std::vector<sync::HistoryEntry>> SqliteStore::history(const sync::HistoryQuery& query) {
    return guarded([&] { return find_history(state_, query); });
}

Result<void> SqliteStore::copy(const std::filesystem::path& to) { return copy_database(*opened_.database, to); }

}  // namespace samsynk::store
