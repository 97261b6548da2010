// The places that follow another one of the same company: they are written to, and never read for a choice.
#pragma once

#include <vector>

#include "sync/plan.hpp"

namespace samsynk::sync {

/// What the followers of a leading place go by.
struct Lead {
    Reason obstacle;  ///< why they rest as a whole; nothing where the leading place may be acted for
    /// By preference: what the leading place and the online side both hold. Nothing where that is open, or held.
    std::array<std::optional<Choice>, all_preferences.size()> settled{};
};

enum class Progress {
    planned,  ///< the steps of the leading place are still to be taken, and are taken for done
    done,     ///< they were taken, or failed: what stands now counts
};

/// `leading`: null where the place is not found, or is to be ignored. `follower` is named in the obstacle.
Lead lead_of(const CompanyPlan* leading, const LocalCompany& follower, const Memory& memory, Progress progress);

/// Plans one that follows. A choice in it is held, and so is what differs at its first contact; the rest is written.
CompanyPlan plan_follower(const Standing& standing, const Lead& lead, const Memory& memory);

/// Those of the plans that follow, by index.
std::vector<std::size_t> followers_in(const std::vector<CompanyPlan>& plans);

/// Plans the followers among `plans` anew, by the plans of those that lead. One that rests for a reason of its own does
/// so still.
void plan_followers(std::vector<CompanyPlan>& plans, const std::vector<std::size_t>& followers, const Memory& memory,
                    Progress progress);

}  // namespace samsynk::sync
