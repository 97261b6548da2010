// `samsynk/collaboration.yaml`: what the local program is told of the collaboration. The agent's own file.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sync/model.hpp"

namespace samsynk::installations {

/// The file's text for a notice. What stands in `old` beside the agent's keys (comments, other keys) is kept.
std::string render_notice(const sync::Notice& notice, std::string_view old = {});

/// The notice that a file tells; nothing where it tells none that could be ours.
std::optional<sync::Notice> parse_notice(std::string_view text);

}  // namespace samsynk::installations
