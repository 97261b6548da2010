// An error as people and programs get it over HTTP (RFC 9457): of the control socket, and of the page's gateway.
#pragma once

#include <string>

#include "core/error.hpp"

namespace samsynk {

inline constexpr const char* problem_type = "application/problem+json";

/// `{"type","title","status","detail","code","message_id","args"}`, and a line's end. `message_id` and `args` let a
/// reader say it in another language.
std::string problem_json(int status, const Error& error);

}  // namespace samsynk
