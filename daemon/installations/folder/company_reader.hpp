// Reads a company's folder: who it is, what was chosen, and what the agent left there.
#pragma once

#include <string>
#include <vector>

#include "installations/folder/company_folder.hpp"
#include "installations/folder/company_stamps.hpp"
#include "sync/model.hpp"

namespace samsynk::installations {

/// `stamps` is what stands in the folder, `now` in nanoseconds since 1970. What can't be read is the company's trouble.
sync::LocalCompany read_company(const CompanyFolder& folder, const std::string& place, const CompanyStamps& stamps,
                                std::int64_t now);

/// Why a folder is taken for the company that it is, in sentences. The first one says what counts; then each file that
/// is called as a SIE file, best first.
std::vector<Message> identity_trail_of(const CompanyFolder& folder, std::int64_t now);

}  // namespace samsynk::installations
