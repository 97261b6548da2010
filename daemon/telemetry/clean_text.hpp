// Names of companies and folders come from outside: they must not put a person's number in the log.
#pragma once

#include <string>
#include <string_view>

#include "core/event.hpp"
#include "core/personal_numbers.hpp"

namespace samsynk::telemetry {

/// Of a sentence, and of a field, in the log. What is longer tells nobody more.
inline constexpr std::size_t longest_logged = 4000;

/// The event without what is a secret now, in its sentence's parts and its fields.
void hide_secrets(Event& event);

/// The sentence of the event in English, fit for a log: on one line, valid, masked.
std::string log_message(const Event& event);

}  // namespace samsynk::telemetry
