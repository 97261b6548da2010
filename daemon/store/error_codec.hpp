// An error as texts, so that a company that was set aside still says why after a restart.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/error.hpp"

namespace samsynk::store {

using MessageArgs = std::vector<std::pair<std::string, std::string>>;

/// Each text as `LENGTH:TEXT`, one after the other: nothing in a text needs escaping.
std::string args_to_text(const MessageArgs& args);
/// What args_to_text gave; a text that is not one gives what could be read of it.
MessageArgs args_from_text(std::string_view text);

/// The code with that name; bad_record where there is none.
Errc code_named(std::string_view name);

}  // namespace samsynk::store
