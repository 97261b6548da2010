// Why a folder is taken for the company that it is, in sentences: which file told it, and which others there are.
#pragma once

#include <filesystem>
#include <vector>

#include "core/message.hpp"

namespace samsynk::installations {

/// Empty where there was nothing to choose from: one SIE file, and no samsynk/company.yaml.
std::vector<Message> identity_trail_of(const std::filesystem::path& company_folder);

}  // namespace samsynk::installations
