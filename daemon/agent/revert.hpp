// What a run changed, turned round: which local choices a person would make to take it back. Pure.
#pragma once

#include <vector>

#include "agent/commands.hpp"

namespace samsynk::agent {

struct RevertPlan {
    std::vector<LocalChoice> turns;  ///< the choices to be made anew, in order of installation and place
    std::vector<RefusedChoice> skipped;
};

/// `inventory`: where each company stands now.
RevertPlan plan_revert(const sync::HistoryEntry& run, const Inventory& inventory);

/// Why a choice could not be turned round: somebody changed it since.
Error changed_since();

}  // namespace samsynk::agent
