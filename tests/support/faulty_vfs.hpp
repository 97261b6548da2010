// A disk for SQLite that fails when it is told to: it counts every access to the database files.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <string>

namespace samsynk::support {

/// What goes wrong. `full` counts only what needs room; every other kind counts every access.
enum class DiskFault { io_error, full };

/// The default VFS of this process for as long as it lives, around the one before it. One at a time; one thread.
class FaultyVfs {
public:
    FaultyVfs();
    ~FaultyVfs();
    FaultyVfs(const FaultyVfs&) = delete;
    FaultyVfs& operator=(const FaultyVfs&) = delete;

    /// The nth access from now on (from 1) fails; and all that follow, where `for_good`.
    void fail_at(std::uint64_t nth, DiskFault fault, bool for_good);
    void heal() { nth_ = 0; }

    std::uint64_t accesses() const { return accesses_; }                 ///< since fail_at, of those that count
    std::uint64_t failures() const { return failures_; }                 ///< since fail_at
    const std::string& first_failure() const { return first_failure_; }  ///< `write state.db-wal`

    /// For the methods of the files: whether this access fails.
    bool fails(const char* what, bool takes_room, const std::string& file);
    bool is_full() const { return fault_ == DiskFault::full; }
    sqlite3_vfs* real() const { return real_; }

private:
    sqlite3_vfs* real_;
    sqlite3_vfs ours_{};
    DiskFault fault_ = DiskFault::io_error;
    std::uint64_t nth_ = 0, accesses_ = 0, failures_ = 0;
    bool for_good_ = false;
    std::string first_failure_;
};

}  // namespace samsynk::support
