// A length of time as people write it, in the configuration and on the command line.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace samsynk {

/// `90s`, `45m` (or `45min`), `2h`, `14d`; nothing for another text.
std::optional<std::chrono::seconds> parse_duration(std::string_view text);

}  // namespace samsynk
