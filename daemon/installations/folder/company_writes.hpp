// What the agent writes in companies' folders: by compare-and-set, in the one folder that was opened to read it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "installations/blocking_connector.hpp"
#include "installations/folder/company_folder.hpp"

namespace samsynk::installations {

using OpenCompany = std::function<Result<CompanyFolderPtr>(const std::string& place)>;

/// One result a write, in order; what was written is on disk. `now` in nanoseconds since 1970. Errors: those of `open`,
/// changed_meanwhile, busy, write_failed, bad_file, unreadable.
WriteResults write_company_preferences(const std::vector<agent::PreferenceWrite>& writes, const OpenCompany& open,
                                       std::int64_t now);

/// The same; but what was written need not be on disk: by its revision the next scan sees that it did not last.
WriteResults write_company_notices(const std::vector<agent::NoticeWrite>& writes, const OpenCompany& open);

}  // namespace samsynk::installations
