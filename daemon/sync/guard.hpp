// What is looked at over many companies together: whether too much would be overwritten, and what a person is asked.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "sync/plan.hpp"

namespace samsynk::sync {

/// Never held for so few companies, however small the installation.
inline constexpr std::size_t few = 10;

/// Holds the overwriting steps of the plans at `chosen` where, in one installation and with one side winning, those
/// companies and the ones of the last 24 hours are more than `mass_change_limit` of the installation's companies and
/// more than `few`. What fills an absent value or was approved does not count.
void guard(std::vector<CompanyPlan>& plans, const std::vector<std::size_t>& chosen, const Memory& memory,
           const PlanOptions& options);

/// The side that a person chose for exactly this row, if one did.
std::optional<Side> approved(const Memory& memory, HoldKind kind, const HoldRow& row);

/// The questions and answers as they should stand after these plans: a hold keeps its id while a row of it stands, new
/// ones get the next numbers; an approval of a row that changed lapses, a doubt that is settled goes. Companies of
/// installations that are offline keep what they have, and so do places that were not planned, but for those of a
/// listed installation: they are not found there any more. Empty where nothing changes.
Commit questions(const std::vector<CompanyPlan>& plans, const std::vector<LocalView>& views, const Memory& memory,
                 const PlanOptions& options);

/// What was asked of installations that are configured no more is asked of nobody, and nothing is tried again there.
/// Empty where nothing changes.
Commit forget_removed_installations(const Memory& memory, const std::set<std::string>& configured);

/// The values of these records that a restore of the service set back: what was known of them is of another epoch, and
/// they are other ones. `new_epoch`: the commit that these records belong to begins it.
std::vector<Doubt> doubts_in(const std::vector<Record>& records, const Memory& memory, bool new_epoch);

}  // namespace samsynk::sync
