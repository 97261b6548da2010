// What a run found out of the places that it looked at, to be known and published. What it did not come to stands as it
// was, and is looked at again by the next run.
#pragma once

#include <map>
#include <set>
#include <vector>

#include "agent/run_context.hpp"
#include "agent/status.hpp"
#include "agent/survey.hpp"
#include "sync/plan.hpp"

namespace samsynk::agent {

struct Findings {
    const Survey& survey;
    const std::vector<sync::LocalView>& views;
    const std::vector<sync::CompanyPlan>& plans;   ///< empty where the run did not come so far
    const std::map<std::size_t, Error>& troubles;  ///< of plans, by index: why a step did not succeed
    const std::set<std::size_t>& unsent;           ///< plans with steps that wait for the service
    const std::set<std::size_t>& left;             ///< plans that are for the next run
    Reason shut;                                   ///< why it takes no operations now
    Reason unclaimed;                              ///< why no claims could be asked for
    Reason failed;                                 ///< why the run failed as a whole
    bool dry_run = false;
};

InventoryChange inventory_change(const Findings& findings, const RunContext& context, const Inventory& known);

/// Each installation as it is now, with what was known of those that were not listed.
std::vector<InstallationStatus> installations_now(const Findings& findings, const Sides& sides,
                                                  const std::vector<InstallationStatus>& known);

}  // namespace samsynk::agent
