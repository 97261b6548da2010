// Reads small files, and replaces them whole: atomically, only if nobody changed them, and flushed to disk.
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "posix/directory.hpp"

namespace samsynk::installations {

/// Tells whether a file is the one that was read before. All zero: there is none.
struct FileStamp {
    std::uint64_t inode = 0;
    std::int64_t size = 0;
    std::int64_t changed = 0;  ///< modification time in nanoseconds

    bool operator==(const FileStamp&) const = default;
};
FileStamp stamp_of(const struct stat& status);

inline constexpr std::size_t small_file_limit = 1024 * 1024;

/// Whether a lock on a file that another program holds, as Samba does for one that is open on Windows, keeps us from
/// reading it.
enum class Locks { ignored, respected };

/// The content of a regular file of at most `limit` bytes (the rest is left out where `head_only`).
/// Nothing where there is none. `shown` is for the message. Errors: unreadable, busy, bad_file (too large),
/// installation_offline (the share is gone).
Result<std::optional<std::string>> read_small_file(const posix::Directory& folder, const posix::Name& name,
                                                   const std::filesystem::path& shown,
                                                   std::size_t limit = small_file_limit, bool head_only = false,
                                                   Locks locks = Locks::ignored);

/// What an error number means that came of reading, or writing, a file or folder.
Error read_error(const std::filesystem::path& file, int number);
Error write_error(const std::filesystem::path& file, int number);
Error not_ordinary(const std::filesystem::path& file);
Error overtaken(const std::filesystem::path& file);

/// The folder is the one that `expected` was read from.
struct Replacement {
    const posix::Directory* folder = nullptr;
    posix::Name name;
    std::filesystem::path shown;          ///< for the message
    std::optional<std::string> expected;  ///< what was read; nothing where there was no file
    std::string content;
};

/// Whether a replacement is on disk on return, or sometime later: after a power failure there is the old file, the new
/// one, or a part of it, so that `soon` is for what shows that by itself.
enum class Lasting { at_once, soon };

/// Replaces each file by compare-and-set. One result a replacement, in order.
/// Owner, mode (but for setuid, setgid and sticky), access list and attributes are kept; a new file is as its folder.
/// Errors: changed_meanwhile (theirs stands), write_failed, unreadable.
std::vector<Result<void>> replace_files(const std::vector<Replacement>& replacements,
                                        Lasting lasting = Lasting::at_once);

}  // namespace samsynk::installations
