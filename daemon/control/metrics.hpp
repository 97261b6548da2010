// The agent's state as OpenMetrics text.
#pragma once

#include <string>

#include "agent/status.hpp"

namespace samsynk::control {

std::string metrics_text(const agent::Status& status, Time now);

}  // namespace samsynk::control
