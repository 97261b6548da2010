// Where events become lines in a log: the journal, JSON lines, or text for people.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "telemetry/log_options.hpp"

namespace samsynk::telemetry {

/// Takes one event and writes it, if it is to be written. Never waits for long, never throws.
class LogSink {
public:
    virtual ~LogSink() = default;
    virtual void write(const Event& event) = 0;
    virtual void set_minimum(Level) {}  ///< from now on
    virtual void reopen() {}            ///< a file that another program has moved away is begun anew
    virtual void finish() {}            ///< the last call: what was given is written, as far as that takes no 2 s
};

/// Writes to standard error, the journal or a file what is at least the minimum; repeated trouble is collapsed.
/// Error bad_settings: the file can't be written.
Result<std::unique_ptr<LogSink>> make_log_sink(const LogOptions& options);

/// Writes on a thread of its own: a log that takes nothing (a full pipe, a disk that hangs) holds up nobody. Of what it
/// can't keep up with, the newest is left out, and how many is said once it goes on.
class BackgroundSink : public LogSink {
public:
    explicit BackgroundSink(std::unique_ptr<LogSink> next);
    ~BackgroundSink() override;  ///< waits for nothing; what was given before is written by and by
    void write(const Event& event) override;
    void set_minimum(Level minimum) override;
    void reopen() override;
    void finish() override;

private:
    struct Shared;
    void close();
    void give(std::function<void(LogSink&)> job);
    std::shared_ptr<Shared> shared_;  ///< the thread may outlive it, where it hangs
};

/// `debug`, `info`, `notice`, `warning`, `error`; nothing for another word.
std::optional<Level> level_named(std::string_view name);

/// Whether standard error goes to the journal: `journal_stream` (JOURNAL_STREAM) names its device and inode.
bool stderr_is_journal(const char* journal_stream);

}  // namespace samsynk::telemetry
