// As whom root works in a folder that another user may change: as that user, so that a link laid there leads nowhere
// that its maker could not go.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>

#include "core/error.hpp"

namespace samsynk {

struct FolderOwner {
    std::string name;  ///< a number, where the system has no name for it
    uid_t user = 0;
    gid_t group = 0;
};

/// The first other than root that owns the folder, or one that it lies in. Nothing where all is root's, and where we
/// are not root.
std::optional<FolderOwner> owner_to_act_as(const std::filesystem::path& folder);

/// For good, with that user's groups. Error state_failed: it can't be done.
Result<void> become(const FolderOwner& owner);

}  // namespace samsynk
