// A company's folder and `samsynk` in it, held open: what is read, and what is written by it, is the same folder,
// whatever stands in its place meanwhile.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "core/error.hpp"
#include "posix/directory.hpp"

namespace samsynk::installations {

struct CompanyFolder {
    std::filesystem::path path;  ///< for sentences only
    posix::Directory company;
    std::optional<posix::Directory> own;  ///< `samsynk`; nothing where there is none

    std::filesystem::path own_path() const { return path / "samsynk"; }
};
using CompanyFolderPtr = std::shared_ptr<const CompanyFolder>;

/// `folder` is one of those below `root`, `path` where that is. Errors: not_found, unreadable, busy,
/// installation_offline.
Result<CompanyFolderPtr> open_company(const posix::Directory& root, const std::string& folder,
                                      const std::filesystem::path& path);

/// `samsynk` of a company, made where it is missing.
Result<posix::Directory> make_own(const CompanyFolder& folder);

/// What an error means that came of reading a folder.
Error folder_error(const std::filesystem::path& folder, int number);

}  // namespace samsynk::installations
