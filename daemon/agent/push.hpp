// Sends a batch of operations, and tells what the answers mean for what is remembered.
#pragma once

#include <map>
#include <vector>

#include "agent/sides.hpp"

namespace samsynk::agent {

/// As OnlineSide::push. Where the service refuses the call as a whole, in smaller and smaller parts, so that one
/// operation that it can't read does not keep back all others. An operation that is refused alone has the result 422
/// `call_refused`. After an error those that were already answered are unclear like the rest: their ids make it safe to
/// send them again.
Async<std::vector<OperationResult>> push_in_parts(OnlineSide& online, std::string epoch,
                                                  std::vector<sync::Operation> operations);

/// What a call's results mean for the memory.
struct PushOutcome {
    sync::Commit commit;
    std::vector<OrgNumber> outdated;  ///< 412: to be planned again
    std::vector<std::pair<OrgNumber, Error>> refused;
    std::vector<sync::Operation> applied;
};
/// `from`: the places that the operations stand for, where that is known still.
PushOutcome outcome_of(const std::vector<sync::Operation>& operations, const std::vector<OperationResult>& results,
                       const sync::Memory& memory, const Sides& sides, Time now,
                       const std::map<OrgNumber, sync::PlaceKey>& from = {});

}  // namespace samsynk::agent
