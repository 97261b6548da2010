// Names of companies and folders come from outside: they must not put a person's number in the log.
#pragma once

#include <string>
#include <string_view>

#include "core/event.hpp"

namespace samsynk::telemetry {

/// Every personal number in the text, ten or twelve digits with or without its dash, is masked: `800101-****`.
std::string without_personal_numbers(std::string_view text);

/// The sentence of the event in English, fit for a log: on one line, valid, masked.
std::string log_message(const Event& event);

}  // namespace samsynk::telemetry
