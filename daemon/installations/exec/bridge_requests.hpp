// What a bridge is asked (docs/exec-connector.md), as lines.
#pragma once

#include <cstdint>
#include <string>

#include "agent/ports.hpp"

namespace samsynk::installations {

// Each with its end of line.
std::string hello_request(std::uint64_t id);
std::string list_request(std::uint64_t id);
std::string read_request(std::uint64_t id, const std::string& place);
std::string write_request(std::uint64_t id, const agent::PreferenceWrite& write, bool dry_run = false);
std::string collaboration_request(std::uint64_t id, const agent::NoticeWrite& write);
std::string mark_request(std::uint64_t id);
std::string leave_mark_request(std::uint64_t id, const std::string& mark);

}  // namespace samsynk::installations
