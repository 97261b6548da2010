#include "telemetry/log_sink.hpp"

// Must be defined before the header: it would else put file and line of this wrapper into every entry.
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

#include <cstdlib>

#include "telemetry/collapse.hpp"

namespace samsynk::telemetry {
namespace {

spdlog::level::level_enum spdlog_level(Level level) {
    switch (level) {
        case Level::debug:
            return spdlog::level::debug;
        case Level::warning:
            return spdlog::level::warn;
        case Level::error:
            return spdlog::level::err;
        default:  // spdlog has no notice
            return spdlog::level::info;
    }
}

// Lines to standard error; what stands in a line is ours, spdlog adds at most the time.
class LineSink : public LogSink {
public:
    using Format = std::string (*)(const Event&);

    LineSink(const std::string& pattern, Format format)
        : logger_{"samsynkd", std::make_shared<spdlog::sinks::stderr_sink_st>()}, format_{format} {
        logger_.set_level(spdlog::level::trace);
        logger_.set_pattern(pattern);
    }
    void write(const Event& event) override {
        const std::chrono::system_clock::time_point time{event.at};
        logger_.log(time, spdlog::source_loc{}, spdlog_level(event.level), spdlog::string_view_t{format_(event)});
    }

private:
    spdlog::logger logger_;
    Format format_;
};

class JournalSink : public LogSink {
public:
    void write(const Event& event) override {
        const std::vector<std::string> entry = journal_entry(event);
        std::vector<iovec> parts;
        for (const std::string& field : entry) parts.push_back({const_cast<char*>(field.data()), field.size()});
        // Where the journal is away, a line on standard error is better than silence.
        if (sd_journal_sendv(parts.data(), static_cast<int>(parts.size())) < 0) fallback_.write(event);
    }

private:
    LineSink fallback_{"%v", text_line};
};

class Threshold : public LogSink {
public:
    Threshold(std::unique_ptr<LogSink> next, Level minimum) : next_{std::move(next)}, minimum_{minimum} {}
    void write(const Event& event) override {
        if (event.level >= minimum_) next_->write(event);
    }

private:
    std::unique_ptr<LogSink> next_;
    Level minimum_;
};

std::unique_ptr<LogSink> make_output(LogFormat format) {
    switch (format) {
        case LogFormat::automatic:
            return make_output(stderr_is_journal(std::getenv("JOURNAL_STREAM")) ? LogFormat::journald
                                                                                : LogFormat::text);
        case LogFormat::journald:
            return std::make_unique<JournalSink>();
        case LogFormat::json:
            return std::make_unique<LineSink>("%v", json_line);
        case LogFormat::text:
            break;
    }
    return std::make_unique<LineSink>("%Y-%m-%dT%H:%M:%S.%e%z %v", text_line);
}

}  // namespace

bool stderr_is_journal(const char* journal_stream) {
    struct stat status {};
    if (!journal_stream || ::fstat(STDERR_FILENO, &status) != 0) return false;
    return std::to_string(status.st_dev) + ':' + std::to_string(status.st_ino) == journal_stream;
}

std::unique_ptr<LogSink> make_log_sink(LogFormat format, Level minimum) {
    return std::make_unique<Collapse>(std::make_unique<Threshold>(make_output(format), minimum));
}

}  // namespace samsynk::telemetry
