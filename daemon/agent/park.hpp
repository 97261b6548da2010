// One company's trouble is its own: which of them are let be in a run, and what is remembered of those that failed.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <vector>

#include "agent/scope.hpp"
#include "agent/status.hpp"
#include "sync/parking.hpp"

namespace samsynk::agent {

/// Sets aside the plans of parked companies whose time has not come, with the reason they failed for; by index.
/// What somebody asked for (a person, a start) does not rest, and in the ordinary run of everything only what waits for
/// a person does.
std::set<std::size_t> let_rest(std::vector<sync::CompanyPlan>& plans, const sync::Memory& memory, Trigger trigger,
                               const Scope& scope, Time now);

/// How the companies of a run stand after it.
struct ParkingInput {
    const std::vector<sync::CompanyPlan>& plans;
    const std::vector<sync::LocalView>& views;
    const std::set<std::size_t>& resting;          ///< those that it let be
    const std::map<std::size_t, Error>& troubles;  ///< those in which a step failed
    const Inventory& known;                        ///< before the run
};
/// The parkings to be remembered and forgotten; empty where nothing changed. `random` gives [0, 1), for jitter.
sync::Commit parkings(const ParkingInput& input, const sync::Memory& memory, Time now,
                      const std::function<double()>& random);

}  // namespace samsynk::agent
