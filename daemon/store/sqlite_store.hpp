// The agent's memory in one SQLite file. Blocking: see open_store.hpp for the agent's own view of it.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "store/agreements.hpp"
#include "store/approvals.hpp"
#include "store/backup.hpp"
#include "store/claims.hpp"
#include "store/database.hpp"
#include "store/doubts.hpp"
#include "store/history.hpp"
#include "store/holds.hpp"
#include "store/journal_operations.hpp"
#include "store/local_intents.hpp"
#include "store/marks.hpp"
#include "store/meta.hpp"
#include "store/overwrites.hpp"
#include "store/parked.hpp"
#include "store/records.hpp"
#include "sync/memory.hpp"

namespace samsynk::store {

/// Used by one thread at a time. No exception of SQLite leaves it: they become state_failed.
class SqliteStore {
public:
    /// Errors: state_failed (folder, disk, or another process has it), state_newer.
    static Result<std::unique_ptr<SqliteStore>> open(const std::filesystem::path& directory);

    explicit SqliteStore(Opened opened);  ///< of open_database; throws SQLite::Exception
    SqliteStore(const SqliteStore&) = delete;
    SqliteStore& operator=(const SqliteStore&) = delete;

    Result<sync::Memory> load();
    /// Does what Memory::apply does, in one transaction that is on disk on return, but where it may be lost.
    /// An empty commit writes nothing.
    Result<void> commit(const sync::Commit& commit);
    /// In the order asked for; those unknown or gone are left out.
    Result<std::vector<sync::Record>> records(const std::vector<OrgNumber>& companies);

    Result<std::vector<sync::HistoryEntry>> history(const sync::HistoryQuery& query);

    /// Error state_failed.
    Result<void> copy(const std::filesystem::path& to) { return copy_database(*opened_.database, to); }

    /// Where a damaged state was moved to when this one was begun.
    const std::optional<std::filesystem::path>& set_aside() const { return opened_.set_aside; }
    const std::filesystem::path& file() const { return opened_.file; }

private:
    void write(const sync::Commit& commit);
    void write_questions(const sync::Commit& commit);
    void write_history(const sync::Commit& commit);

    Opened opened_;
    Meta meta_;
    Records records_;
    Agreements agreements_;
    Claims claims_;
    JournalOperations operations_;
    LocalIntents intents_;
    Overwrites overwrites_;
    Doubts doubts_;
    Holds holds_;
    Approvals approvals_;
    Marks marks_;
    Parked parked_;
    History history_;
};

}  // namespace samsynk::store
