// An event as a line in a log: its text, as JSON, or as an entry of the journal. What comes from outside must not put a
// secret or a person's number there.
#pragma once

#include <string>
#include <vector>

#include "core/event.hpp"

namespace samsynk::telemetry {

/// The event without what is a secret now, in its sentence's parts and its fields.
void hide_secrets(Event& event);

/// `warning company.failed The sentence. company=556016-0680 run=r-1 code=bad_file place=Ovnbol2000`
std::string text_line(const Event& event);

/// One JSON object: time, level, event, message, then company, run and code where there are any, and fields.
std::string json_line(const Event& event);

/// `NAME=value` for each field of a journal entry.
std::vector<std::string> journal_entry(const Event& event);

}  // namespace samsynk::telemetry
