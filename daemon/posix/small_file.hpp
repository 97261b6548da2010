// What is written into a file and read from one, and what a file keeps beside its content when it is replaced.
#pragma once

#include <string>
#include <string_view>

#include "posix/directory.hpp"

namespace samsynk::posix {

/// At most `limit` bytes from the beginning.
Outcome<std::string> read_head(const File& file, std::size_t limit);

/// What there is from here on, at most `limit` bytes; and all of a text, or an error.
Outcome<std::string> read_all(const UniqueFd& fd, std::size_t limit);
Outcome<> write_all(const UniqueFd& fd, std::string_view content);

/// What was written to a file, or changed in a folder, is on disk on return. Where the file system can't flush such a
/// thing, there is nothing to be done.
Outcome<> flush(const UniqueFd& fd);
Outcome<> flush(const std::filesystem::path& path);
Outcome<> flush_data(const UniqueFd& fd);

/// Whether another program holds a lock on it that shuts out readers: it is in the middle of changing it.
bool is_locked(const File& file);

/// The owner, or at least the group, and the mode without setuid, setgid and sticky; as far as we may.
void give(const UniqueFd& fd, uid_t owner, gid_t group, mode_t mode);

/// The same as `old` has them, and its access list and extended attributes with them. Where the access list can't be
/// kept, the group gets what it gives to the group itself, never its mask, which may be wider.
void give_as(const UniqueFd& fd, const File& old);

}  // namespace samsynk::posix
