// Which values of a configuration may be shown to a helper: only those whose key is known, and whose form leaves no
// room for a secret.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace samsynk::client {

/// Whether a mapping or list of this key holds more settings, which are looked at one by one.
bool is_section(std::string_view key);

/// Whether it is one of the settings whose value may be shown.
bool is_setting(std::string_view key);

/// The value as it may be shown: whole, or without the part that may hold a secret. Nothing: it is hidden.
std::optional<std::string> shown_value(std::string_view key, std::string_view value);

/// Of `companies`: an installation, a place, a path, or “ignore”.
std::optional<std::string> shown_choice(std::string_view value);

/// Of `command`: the program's path, up to the first blank.
std::optional<std::string> shown_program(std::string_view value);

/// What is written as a setting's name is, and not as a key, a token or a person's number.
bool is_plain_key(std::string_view key);

}  // namespace samsynk::client
