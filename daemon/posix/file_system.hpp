// What can be relied on at a file system, as far as its kind tells. Only looks; may block as long as a share hangs.
#pragma once

#include <filesystem>

#include "posix/directory.hpp"

namespace samsynk::posix {

struct FileSystem {
    bool folders_show_changes = false;  ///< by a folder's own stamp one sees that an entry came or went
    bool notifies = true;   ///< the kernel tells of all changes: not of those that another machine makes on a share
    bool exchanges = true;  ///< always exchanges two files in one step; some never do, and some not on every server
};

/// What is not reached shows and tells nothing.
FileSystem file_system_of(const std::filesystem::path& folder);
FileSystem file_system_of(const Directory& folder);

}  // namespace samsynk::posix
