// Why a folder is taken for the company that it is, in sentences: which file told it, and which others there are.
#pragma once

#include <vector>

#include "core/message.hpp"
#include "installations/folder/company_folder.hpp"

namespace samsynk::installations {

/// Empty where there was nothing to choose from: one SIE file, and no samsynk/company.yaml.
std::vector<Message> identity_trail_of(const CompanyFolder& folder);

}  // namespace samsynk::installations
