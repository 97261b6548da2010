// The log: events as text, JSON lines, or journal entries with fields.
#pragma once

#include <memory>

#include "core/event.hpp"

namespace samsynk::telemetry {

enum class LogFormat { automatic, journald, json, text };

/// `automatic` is journald where standard error is the journal, else text. Text and JSON go to standard error.
std::unique_ptr<EventSink> make_log(LogFormat format, Level minimum);

/// One event as a line, without its end; companies masked.
std::string text_line(const Event& event);
std::string json_line(const Event& event);

}  // namespace samsynk::telemetry
