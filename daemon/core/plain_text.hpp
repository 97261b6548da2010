// Names of companies and folders come from outside: they must not break a line, nor steer a terminal.
#pragma once

#include <string>
#include <string_view>

namespace samsynk {

/// The bytes of the character that the text begins with; 0 where it is none, or the text is empty.
std::size_t character_size(std::string_view text);

/// Valid UTF-8: what is not becomes U+FFFD.
std::string valid_utf8(std::string_view text);

/// One line: what steers a terminal or breaks a line is written as `\n`, `\t`, `\x1b`, `\u009b`,
/// `\U000e0041`.
std::string one_line(std::string_view text);

/// Valid UTF-8 without what steers, but for line ends and tabs: for pages and letters, where nobody would look for it.
std::string without_steering(std::string_view text);

/// Of JSON: the same as `\u009b` where JSON lets it stand as it is. What is read of it is what it was.
std::string safe_in_json(std::string_view text);

/// Both: what can be shown and logged.
std::string plain(std::string_view text);

}  // namespace samsynk
