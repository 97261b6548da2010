// A company's folder and `samsynk` in it, held open: what is read, and what is written by it, is the same folder,
// whatever stands in its place meanwhile.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "core/error.hpp"
#include "installations/folder/atomic_file.hpp"
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

inline constexpr std::int64_t settle_time = 2'000'000'000;  ///< a file younger than this may change within one stamp

/// Whether a file was changed so recently that it may be under way. A time in the future is another clock's, or wrong:
/// where it is far off, nothing is waited for.
bool is_young(std::int64_t changed, std::int64_t now);

/// Whether somebody is in the middle of writing the preferences, of which `text` was read; and what is said of it.
bool is_being_written(const CompanyFolder& folder, const std::optional<std::string>& text, std::int64_t now);
Error in_use(const std::filesystem::path& file);

const posix::Name& preferences_name();
const posix::Name& notice_name();

/// A file in `samsynk`. Nothing where there is none.
Result<std::optional<std::string>> read_own(const CompanyFolder& folder, const posix::Name& name,
                                            Locks locks = Locks::ignored);

}  // namespace samsynk::installations
