// What all connectors do alike with the companies that they found, which are in order of place.
#pragma once

#include <string>
#include <vector>

#include "agent/ports.hpp"

namespace samsynk::installations {

using Companies = std::vector<sync::LocalCompanyPtr>;

/// Null where there is none.
sync::LocalCompanyPtr find_company(const Companies& companies, const std::string& place);

/// Keeps what was found again as the object that it was: the status shares it, and there are many.
void reuse_unchanged(Companies& found, const Companies& seen);

/// The places that came, went, or are not as they were.
std::vector<std::string> changed_places(const Companies& before, const Companies& now);

// For the tests of an installation before its first run:
/// The first that could be written to; null where there is none.
sync::LocalCompanyPtr first_usable(const Companies& companies);
/// How many were found, and what is the matter with the first that something is the matter with.
agent::Probe companies_found(const Companies& companies);
/// Choices that this company may really have made, each the other way round.
std::vector<agent::PreferenceWrite> inverted_choices(const sync::LocalCompany& company);
Reason first_error(const std::vector<Result<void>>& results);

}  // namespace samsynk::installations
