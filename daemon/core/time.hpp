// Points in time and how they are written.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "core/error.hpp"

namespace samsynk {

using Time = std::chrono::sys_time<std::chrono::milliseconds>;

/// What the system's clock says, which may be wrong and may leap. Where the agent waits or decides, it asks its port.
Time wall_clock();

/// RFC 3339 in UTC, whole seconds: `2026-11-02T08:00:00Z`.
std::string to_rfc3339(Time time);

/// Reads RFC 3339 with `Z` or an offset; fractions of a second are accepted. Error: bad_reply.
Result<Time> parse_rfc3339(std::string_view text);

}  // namespace samsynk
