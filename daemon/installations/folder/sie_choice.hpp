// Which of the SIE files in a company's folder tells who the company is.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/org_number.hpp"
#include "installations/folder/company_folder.hpp"
#include "installations/folder/company_stamps.hpp"
#include "installations/folder/sie.hpp"

namespace samsynk::installations {

struct SieCandidate {
    std::string name;
    std::int64_t changed = 0;  ///< modification time in nanoseconds
    SieIdentity identity;
    std::optional<OrgNumber> number;  ///< nothing: it can't count
    Reason trouble;                   ///< then this is why
    bool cut = false;                 ///< it is empty, or ends in the middle of a line: it may be under way
};

/// The ordinary files of `entries`, best first: by the day of the export (#GEN; of a file that does not tell it, or
/// tells one that is still to come, that of its last change), by the end of the year (#RAR 0), by the last change, by
/// name. Payroll and invoicing programs leave files without a number beside, so the first with a `number` counts. Of
/// very many files the hundred that were changed last are read, and of all of them not much more than 16 MiB. `now` in
/// nanoseconds.
std::vector<SieCandidate> sie_candidates(const CompanyFolder& folder, const std::vector<SieEntry>& entries,
                                         std::int64_t now);

/// The one that counts; null where none has a number that can be right.
const SieCandidate* counting(const std::vector<SieCandidate>& candidates);

}  // namespace samsynk::installations
