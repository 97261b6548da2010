// The agent's memory in one SQLite file. Blocking: see open_store.hpp for the agent's own view of it.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "store/database.hpp"
#include "store/query.hpp"
#include "sync/memory.hpp"

namespace samsynk::store {

/// Used by one thread at a time. No exception of SQLite leaves it: they become state_failed.
class SqliteStore {
public:
    /// Errors: state_failed (folder, disk, or another process has it), state_newer.
    static Result<std::unique_ptr<SqliteStore>> open(const std::filesystem::path& directory);

    explicit SqliteStore(Opened opened) : opened_{std::move(opened)}, state_{*opened_.database} {}
    SqliteStore(const SqliteStore&) = delete;
    SqliteStore& operator=(const SqliteStore&) = delete;

    Result<sync::Memory> load();
    /// Does what Memory::apply does, in one transaction that is on disk on return, but where it may be lost.
    /// An empty commit writes nothing.
    Result<void> commit(const sync::Commit& commit);
    /// In the order asked for; those unknown or gone are left out.
    Result<std::vector<sync::Record>> records(const std::vector<OrgNumber>& companies);

    Result<std::vector<sync::HistoryEntry>> history(const sync::HistoryQuery& query);

    /// A consistent, whole copy as the private file `to`, flushed. Error state_failed.
    Result<void> copy(const std::filesystem::path& to);

    /// Where a damaged state was moved to when this one was begun.
    const std::optional<std::filesystem::path>& set_aside() const { return opened_.set_aside; }
    const std::filesystem::path& file() const { return opened_.file; }

private:
    template <class Work>
    auto guarded(Work work) -> Result<decltype(work())>;

    Opened opened_;
    Statements state_;
};

}  // namespace samsynk::store
