// `samsynk/collaboration.yaml`: what the local program is told of the collaboration. The agent's own file.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sync/model.hpp"

namespace samsynk::installations {

/// The file's text for a notice. What stands in `old` beside the agent's keys (comments, other keys) is kept.
std::string render_notice(const sync::Notice& notice, std::string_view old = {});

/// The fingerprint of the notice that a file tells, by its last line (`revision:`), without reading the rest as YAML.
/// 0 where that does not fit: somebody edited the file, a power cut left a part of it, or it is of an earlier version.
/// Then it is to be written again.
std::uint64_t notice_revision(std::string_view text);

}  // namespace samsynk::installations
