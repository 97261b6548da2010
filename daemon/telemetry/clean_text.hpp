// Names of companies and folders come from outside: they must not break a log line, nor put a person's number in it.
#pragma once

#include <string>
#include <string_view>

#include "core/event.hpp"

namespace samsynk::telemetry {

/// Valid UTF-8: what is not becomes U+FFFD.
std::string valid_utf8(std::string_view text);

/// One line: control characters are written as `\n`, `\t`, `\x1b`.
std::string one_line(std::string_view text);

/// Every personal number in the text, ten or twelve digits with or without its dash, is masked: `800101-****`.
std::string without_personal_numbers(std::string_view text);

/// The sentence of the event in English, fit for a log: on one line, valid, masked.
std::string log_message(const Event& event);

}  // namespace samsynk::telemetry
