// Reads a company's folder: who it is, what was chosen, and what the agent left there.
#pragma once

#include <filesystem>
#include <string>

#include "installations/folder/company_stamps.hpp"
#include "sync/model.hpp"

namespace samsynk::installations {

inline constexpr std::int64_t settle_time = 2'000'000'000;  ///< a file younger than this may change within one stamp

/// `folder` is the company's own, `stamps` what stands in it, `now` in nanoseconds since 1970. What can't be read is
/// the company's trouble.
sync::LocalCompany read_company(const std::filesystem::path& folder, const std::string& place,
                                const CompanyStamps& stamps, std::int64_t now);

/// What is left of a path where somebody is in the middle of writing it, or has locked it.
bool is_being_written(const std::filesystem::path& file, const std::optional<std::string>& text, std::int64_t now);
Error in_use(const std::filesystem::path& file);

std::filesystem::path preferences_in(const std::filesystem::path& company_folder);
std::filesystem::path notice_in(const std::filesystem::path& company_folder);

}  // namespace samsynk::installations
