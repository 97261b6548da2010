// What accounting there is at a path, and how a configuration would name it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/error.hpp"

namespace samsynk::installations {

struct Proposal {
    std::string connector;  ///< folder, sql; empty: something that can't be used as it is, and `remark` says why
    std::filesystem::path path;
    std::string mapping;        ///< with sql: a mapping that fits
    std::size_t companies = 0;  ///< folder: how many there seem to be
    Message remark;
};

/// Looks at `root` and four levels of folders below it; opens SQLite files, changes nothing, follows no links. In order
/// of path. Error unreadable: the root can't be read.
Result<std::vector<Proposal>> proposals_at(const std::filesystem::path& root);

}  // namespace samsynk::installations
