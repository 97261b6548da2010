// Reads the sections of the configuration that speak of the local side: `installations` and `companies`.
#pragma once

#include "settings/reader.hpp"

namespace samsynk::settings {

/// What is wrong goes to the reader's mistakes.
void read_installations(Reader& root, const std::filesystem::path& file, std::vector<Mistake>& mistakes,
                        std::vector<Installation>& installations);
void read_companies(Reader& root, const std::vector<Installation>& installations,
                    std::vector<CompanyChoice>& companies);

}  // namespace samsynk::settings
