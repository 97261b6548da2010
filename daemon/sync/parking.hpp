// A company that failed: why, how often, and when it is worth trying again. One company's trouble is its own.
#pragma once

#include <chrono>
#include <optional>

#include "sync/plan.hpp"

namespace samsynk::sync {

/// When a company that failed for this reason is tried again.
enum class Patience {
    short_while,   ///< in use by someone else: seconds, then minutes
    while_longer,  ///< a disk or permission: minutes, then an hour
    for_a_person,  ///< only a person can help: hours, so that nobody is hammered
};
Patience patience_with(Errc code);

/// How the company stands after it failed once more at `plan` for `reason`. `before` is how it was parked, if it was;
/// `last_success` is taken from it, if it knows. `random` is in [0, 1), for jitter.
Parking parked(const Parking* before, const CompanyPlan& plan, const Error& reason, std::optional<Time> last_success,
               Time now, double random);

/// Whether a parked company is let be for now: its time has not come, and neither side shows anything new.
bool rests(const Parking& parking, const CompanyPlan& plan, Time now);

}  // namespace samsynk::sync
