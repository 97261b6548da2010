// One process at a time works on a state folder: two would undo each other's agreements.
#pragma once

#include <filesystem>
#include <utility>

#include "core/error.hpp"

namespace samsynk::store {

/// Held for as long as it lives. The kernel lets go of it when the process ends, however it ends;
/// the file itself stays and holds the last owner's process id.
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

}  // namespace samsynk::store
