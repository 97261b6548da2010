// Who can change what stands under a path: whoever may write the file, or a folder above it.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <vector>

namespace samsynk {

/// A file or folder that can be changed by others.
struct Opening {
    std::filesystem::path path;
    bool by_owner = false;  ///< it belongs to another; else others may write it
};

/// Root, ourselves, and the user of the service where there is one.
std::vector<uid_t> trusted_users();

/// The first opening on the way to the file, also through links; nothing where there is none, or no file. A sticky
/// folder such as /tmp is none where what is taken from it belongs to one who is trusted.
std::optional<Opening> opening_to(const std::filesystem::path& file, const std::vector<uid_t>& trusted);

}  // namespace samsynk
