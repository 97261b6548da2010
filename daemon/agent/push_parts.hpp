// Sends a batch of operations; where the service refuses the call as a whole, in smaller and smaller parts, so that one
// operation that it can't read does not keep back all others.
#pragma once

#include <vector>

#include "agent/ports.hpp"

namespace samsynk::agent {

/// As OnlineSide::push. An operation that is refused alone has the result 422 `call_refused`. After an error those that
/// were already answered are unclear like the rest: their ids make it safe to send them again.
Async<std::vector<OperationResult>> push_in_parts(OnlineSide& online, std::string epoch,
                                                  std::vector<sync::Operation> operations);

}  // namespace samsynk::agent
