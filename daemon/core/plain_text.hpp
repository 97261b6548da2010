// Names of companies and folders come from outside: they must not break a line, nor steer a terminal.
#pragma once

#include <string>
#include <string_view>

namespace samsynk {

/// Valid UTF-8: what is not becomes U+FFFD.
std::string valid_utf8(std::string_view text);

/// One line: what steers a terminal or breaks a line is written as `\n`, `\t`, `\x1b`, `\u009b`.
std::string one_line(std::string_view text);

/// Both: what can be shown and logged.
std::string plain(std::string_view text);

}  // namespace samsynk
