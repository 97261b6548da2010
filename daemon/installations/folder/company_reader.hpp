// Reads a company's folder: who it is, what was chosen, and what the agent left there.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "installations/folder/company_file.hpp"
#include "installations/folder/company_folder.hpp"
#include "installations/folder/company_stamps.hpp"
#include "sync/model.hpp"

namespace samsynk::installations {

inline constexpr std::int64_t settle_time = 2'000'000'000;  ///< a file younger than this may change within one stamp

/// `stamps` is what stands in the folder, `now` in nanoseconds since 1970. What can't be read is the company's trouble.
sync::LocalCompany read_company(const CompanyFolder& folder, const std::string& place, const CompanyStamps& stamps,
                                std::int64_t now);

/// Whether somebody is in the middle of writing the preferences, of which `text` was read; and what is said of it.
bool is_being_written(const CompanyFolder& folder, const std::optional<std::string>& text, std::int64_t now);
Error in_use(const std::filesystem::path& file);

const posix::Name& preferences_name();
const posix::Name& notice_name();

/// A file in `samsynk`. Nothing where there is none.
Result<std::optional<std::string>> read_own(const CompanyFolder& folder, const posix::Name& name,
                                            Locks locks = Locks::ignored);
Result<CompanyFile> read_company_file(const CompanyFolder& folder);
/// At most `most` bytes of it.
Result<std::optional<std::string>> read_sie_head(const CompanyFolder& folder, const std::string& file,
                                                 std::size_t most);

}  // namespace samsynk::installations
