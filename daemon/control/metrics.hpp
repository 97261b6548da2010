// The agent's state as OpenMetrics text.
#pragma once

#include <string>

#include "agent/ports.hpp"
#include "agent/status.hpp"

namespace samsynk::control {

std::string metrics_text(const agent::Status& status, const agent::SignInStatus& sign_in, Time now);

}  // namespace samsynk::control
