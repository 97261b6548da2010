// Where events become lines in a log: the journal, JSON lines, or text for people.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/event.hpp"

namespace samsynk::telemetry {

enum class LogFormat {
    automatic,  ///< the journal where standard error is connected to it, else text
    journald,
    json,
    text,
};

/// Takes one event and writes it, if it is to be written. Never waits for long, never throws.
class LogSink {
public:
    virtual ~LogSink() = default;
    virtual void write(const Event& event) = 0;
};

/// Writes to standard error or the journal what is at least `minimum`; repeated trouble is collapsed.
std::unique_ptr<LogSink> make_log_sink(LogFormat format, Level minimum);

/// `debug`, `info`, `notice`, `warning`, `error`; nothing for another word.
std::optional<Level> level_named(std::string_view name);

/// `warning company.failed The sentence. company=556016-0680 run=r-1 code=bad_file place=Ovnbol2000`
std::string text_line(const Event& event);

/// One JSON object: time, level, event, message, then company, run and code where there are any, and fields.
std::string json_line(const Event& event);

/// `NAME=value` for each field of a journal entry.
std::vector<std::string> journal_entry(const Event& event);

/// Whether standard error goes to the journal: `journal_stream` (JOURNAL_STREAM) names its device and inode.
bool stderr_is_journal(const char* journal_stream);

}  // namespace samsynk::telemetry
