// What a run changed, turned round: which local choices a person would make to take it back. Pure.
#pragma once

#include <vector>

#include "agent/commands.hpp"

namespace samsynk::agent {

/// One choice to make anew, at its local place; what it takes back is in `change` (from and to already turned round).
struct Turn {
    sync::HistoryChange change;
    PreferenceWrite write;
};

struct RevertPlan {
    std::vector<Turn> turns;  ///< in order of installation and place
    std::vector<NotReverted> skipped;
};

/// `inventory`: where each company stands now.
RevertPlan plan_revert(const sync::HistoryEntry& run, const Inventory& inventory);

/// Why a choice could not be turned round: somebody changed it since.
Error changed_since();

}  // namespace samsynk::agent
