// The agent's state as metrics.
#pragma once

#include <string>

#include "agent/commands.hpp"
#include "control/exchange.hpp"

namespace samsynk::control {

/// In the form that `accept` asks for; `companies`: whether single ones are told of. No error is possible.
Response metrics_response(const agent::Commands& agent, const std::string& accept, bool companies, Time now);

}  // namespace samsynk::control
