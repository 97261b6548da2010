// A state that outlives the agent, in real SQLite under the real store: in memory, so that a story costs no disk.
#pragma once

#include <memory>
#include <vector>

#include "agent/ports.hpp"
#include "store/sqlite_store.hpp"
#include "support/gate.hpp"

namespace samsynk::support {

/// What `commit` returned from is there after a crash, and nothing of what it did not return from.
class SqlDisk {
public:
    SqlDisk();
    ~SqlDisk();
    SqlDisk(const SqlDisk&) = delete;
    SqlDisk& operator=(const SqlDisk&) = delete;

    void lose();    ///< the state file is gone: an empty one in its place
    void reopen();  ///< as after a restart: another connection to what stands there
    /// No room on the disk, until it is made again: SQLite itself refuses to grow.
    void fill(bool full);
    bool is_full() const { return full_; }

    store::SqliteStore& store() { return *store_; }
    /// What stands there, read anew. Throws where it can't be read.
    sync::Memory memory();
    /// The journal as it stands on disk now.
    std::vector<sync::Operation> journal();
    /// Writes all of it, and then the transaction is undone instead of committed.
    Result<void> commit_in_vain(const sync::Commit& commit);

    std::size_t commits = 0;

private:
    void open(const std::vector<unsigned char>& bytes);
    static const std::vector<unsigned char>& empty_state();

    SQLite::Database* database_ = nullptr;  // the store's own
    std::unique_ptr<store::SqliteStore> store_;
    std::unique_ptr<store::Statements> statements_;  // of ours, beside the store's
    bool full_ = false;
};

/// The agent's way to it.
class SqlStore : public agent::Store {
public:
    SqlStore(SqlDisk& disk, Gate& gate) : disk_{disk}, gate_{gate} {}

    agent::Async<sync::Memory> load() override;
    agent::Async<> commit(sync::Commit commit) override;
    agent::Async<std::vector<sync::Record>> records(std::vector<OrgNumber> companies) override;
    agent::Async<std::vector<sync::HistoryEntry>> history(sync::HistoryQuery query) override;

private:
    SqlDisk& disk_;
    Gate& gate_;
};

}  // namespace samsynk::support
