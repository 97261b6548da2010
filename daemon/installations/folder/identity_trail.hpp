// Why a folder is taken for the company that it is, in sentences: which file told it, and why others did not.
#pragma once

#include <vector>

#include "core/message.hpp"
#include "installations/folder/company_folder.hpp"

namespace samsynk::installations {

/// The first one says what counts; then each file that is called as a SIE file, best first. `now` in nanoseconds.
std::vector<Message> identity_trail_of(const CompanyFolder& folder, std::int64_t now);

}  // namespace samsynk::installations
