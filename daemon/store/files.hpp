// The files of a state folder: their names, their privacy, and that one process at a time works on them.
#pragma once

#include <filesystem>
#include <string>
#include <utility>

#include "core/error.hpp"

namespace samsynk::store {

inline constexpr const char* state_file = "state.db";
inline constexpr const char* lock_file = "state.lock";
inline constexpr const char* copy_file = "state.db.copying";         ///< a copy under way
inline constexpr const char* restoring_file = "state.db.restoring";  ///< and one that is taken in

/// Two processes on one state would undo each other's agreements. Held for as long as it lives. The kernel lets go of
/// it when the process ends, however it ends; the file itself stays and holds the last owner's process id.
class LockFile {
public:
    /// Error: state_failed where another process holds it (named by its id) or the file can't be made.
    static Result<LockFile> take(const std::filesystem::path& file);
    /// Whether a process holds it. Makes no file, and keeps nobody out.
    static bool is_held(const std::filesystem::path& file);

    LockFile(LockFile&& other) noexcept : descriptor_{std::exchange(other.descriptor_, -1)} {}
    LockFile& operator=(LockFile&& other) noexcept {
        std::swap(descriptor_, other.descriptor_);
        return *this;
    }
    LockFile(const LockFile&) = delete;
    LockFile& operator=(const LockFile&) = delete;
    ~LockFile();

private:
    explicit LockFile(int descriptor) : descriptor_{descriptor} {}
    int descriptor_;
};

/// Makes the file, empty, where there is none; its mode becomes 0600 either way, so that nobody but the daemon's user
/// may read it. Throws std::filesystem::filesystem_error.
void make_private_file(const std::filesystem::path& file);

/// What was written to the file or folder is on disk on return: 0, else errno. Where the file system can't flush such a
/// thing, there is nothing to be done.
int flush_file(const std::filesystem::path& file);

/// That file, and what SQLite and migrations put beside it.
void remove_beginning_with(const std::filesystem::path& file);

std::filesystem::path with_suffix(const std::filesystem::path& file, const std::string& suffix);
/// `name`, or with `-2`, `-3`, … where something bears that already.
std::filesystem::path free_name(const std::filesystem::path& name);

}  // namespace samsynk::store
