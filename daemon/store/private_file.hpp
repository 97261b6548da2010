// Files that nobody but the daemon's user may read.
#pragma once

#include <filesystem>

namespace samsynk::store {

/// Makes the file, empty, where there is none; its mode becomes 0600 either way.
/// Throws std::filesystem::filesystem_error.
void make_private_file(const std::filesystem::path& file);

/// What was written to the file or folder is on disk on return: 0, else errno. Where the file system can't flush such a
/// thing, there is nothing to be done.
int flush_file(const std::filesystem::path& file);

}  // namespace samsynk::store
