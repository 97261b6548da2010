// What systemd passed to the daemon, and the line that it shows of it.
#pragma once

#include <optional>
#include <string>

#include "agent/status.hpp"

namespace samsynk::app {

/// The listening control socket, where systemd made it (socket activation).
std::optional<int> passed_socket();

/// How things are, on one line: `12 companies: 9 in sync, 1 waiting, 2 need attention. Last success 14:05.` Times are
/// local. `sign_in` is its state, or empty.
std::string status_line(const agent::Status& status, const std::string& sign_in);

}  // namespace samsynk::app
