#include "telemetry/log_sink.hpp"

// Must be defined before the header: it would else put file and line of this wrapper into every entry.
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <spdlog/logger.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <thread>

#include "telemetry/collapse.hpp"
#include "telemetry/log_lines.hpp"

namespace samsynk::telemetry {
namespace {

// Lines that we make ourselves, with their level: spdlog adds at most the time.
class LineSink : public LogSink {
public:
    using Format = std::string (*)(const Event&);

    LineSink(spdlog::sink_ptr sink, std::string pattern, Format format)
        : pattern_{std::move(pattern)}, format_{format} {
        use(std::move(sink));
    }
    void write(const Event& event) override {
        const std::chrono::system_clock::time_point time{event.at};
        logger_->log(time, spdlog::source_loc{}, spdlog::level::info, spdlog::string_view_t{format_(event)});
    }

protected:
    void use(spdlog::sink_ptr sink) {
        logger_ = std::make_unique<spdlog::logger>("samsynkd", std::move(sink));
        logger_->flush_on(spdlog::level::info);
        logger_->set_pattern(pattern_);
        // Standard error is where someone may still see it: a disk that is full, most often.
        logger_->set_error_handler(
            [](const std::string& why) { std::fprintf(stderr, "samsynkd: log: %s\n", why.c_str()); });
    }

private:
    std::string pattern_;
    Format format_;
    std::unique_ptr<spdlog::logger> logger_;
};

spdlog::sink_ptr standard_error() { return std::make_shared<spdlog::sinks::stderr_sink_st>(); }

// Throws where the file can't be opened.
spdlog::sink_ptr opened(const LogFile& file) {
    spdlog::file_event_handlers handlers;
    handlers.after_open = [](const spdlog::filename_t&, std::FILE* stream) { ::fchmod(::fileno(stream), 0640); };
    const std::string path = file.path.string();
    struct stat status {};
    if (::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode))
        throw spdlog::spdlog_ex{path + " is no ordinary file"};  // a pipe would be waited for
    if (file.rotate_at == 0) return std::make_shared<spdlog::sinks::basic_file_sink_st>(path, false, handlers);
    return std::make_shared<spdlog::sinks::rotating_file_sink_st>(path, file.rotate_at, file.keep, false, handlers);
}

class FileSink : public LineSink {
public:
    FileSink(LogFile file, std::string pattern, Format format)
        : LineSink{opened(file), std::move(pattern), format}, file_{std::move(file)} {}
    // Where it can't be opened anew, the old one is written on: it is still open.
    void reopen() override try { use(opened(file_)); } catch (const spdlog::spdlog_ex& problem) {
        std::fprintf(stderr, "samsynkd: log: %s\n", problem.what());
    }

private:
    LogFile file_;
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
    LineSink fallback_{standard_error(), "%v", text_line};
};

class Threshold : public LogSink {
public:
    Threshold(std::unique_ptr<LogSink> next, Level minimum) : next_{std::move(next)}, minimum_{minimum} {}
    void write(const Event& event) override {
        if (event.level >= minimum_) next_->write(event);
    }
    void set_minimum(Level minimum) override { minimum_ = minimum; }
    void reopen() override { next_->reopen(); }

private:
    std::unique_ptr<LogSink> next_;
    Level minimum_;
};

std::unique_ptr<LogSink> make_output(const LogOptions& options) {
    const bool json = options.format == LogFormat::json;
    const char* pattern = json ? "%v" : "%Y-%m-%dT%H:%M:%S.%e%z %v";
    const auto line = json ? json_line : text_line;
    if (options.file) return std::make_unique<FileSink>(*options.file, pattern, line);
    const bool journal = options.format == LogFormat::journald ||
                         (options.format == LogFormat::automatic && stderr_is_journal(std::getenv("JOURNAL_STREAM")));
    if (journal) return std::make_unique<JournalSink>();
    return std::make_unique<LineSink>(standard_error(), pattern, line);
}

constexpr std::size_t most_waiting = 4096;
constexpr std::chrono::seconds last_words{2};

Event left_out(std::size_t count) {
    const std::vector<std::pair<std::string, std::string>> args{{"count", std::to_string(count)}};
    return Event{.name = "log.dropped",
                 .level = Level::warning,
                 .message = {N_("{count} lines are missing here: what the log is written to did not keep up."), args},
                 .fields = args,
                 .at = wall_clock()};
}

}  // namespace

std::optional<Level> level_named(std::string_view name) {
    for (const Level level : {Level::debug, Level::info, Level::notice, Level::warning, Level::error})
        if (name_of(level) == name) return level;
    return std::nullopt;
}

bool stderr_is_journal(const char* journal_stream) {
    struct stat status {};
    if (!journal_stream || ::fstat(STDERR_FILENO, &status) != 0) return false;
    return std::to_string(status.st_dev) + ':' + std::to_string(status.st_ino) == journal_stream;
}

Result<std::unique_ptr<LogSink>> make_log_sink(const LogOptions& options) try {
    return std::unique_ptr<LogSink>{
        std::make_unique<Collapse>(std::make_unique<Threshold>(make_output(options), options.minimum))};
} catch (const spdlog::spdlog_ex& problem) {
    return fail(Errc::bad_settings,
                N_("The log file {file} can't be written. Make its folder writable for the user of samsynkd."),
                {{"file", options.file ? options.file->path.string() : ""}}, problem.what());
}

struct BackgroundSink::Shared {
    using Job = std::function<void(LogSink&)>;

    explicit Shared(std::unique_ptr<LogSink> to) : sink{std::move(to)} {}

    // Until all is written and nothing more will come.
    void work() {
        for (std::unique_lock alone{mutex};;) {
            changed.wait(alone, [this] { return closing || !jobs.empty(); });
            if (jobs.empty()) break;
            const Job job = std::move(jobs.front());
            jobs.pop_front();
            const std::size_t missing = jobs.empty() ? std::exchange(dropped, 0) : 0;
            alone.unlock();
            job(*sink);
            if (missing > 0) sink->write(left_out(missing));
            alone.lock();
        }
        const std::lock_guard alone{mutex};
        ended = true;
        changed.notify_all();
    }

    std::unique_ptr<LogSink> sink;  ///< of the thread alone
    std::mutex mutex;
    std::condition_variable changed;
    std::deque<Job> jobs;
    std::size_t dropped = 0;
    bool closing = false, ended = false;
};

BackgroundSink::BackgroundSink(std::unique_ptr<LogSink> next) : shared_{std::make_shared<Shared>(std::move(next))} {
    std::thread{[shared = shared_] { shared->work(); }}.detach();
}

BackgroundSink::~BackgroundSink() { close(); }

void BackgroundSink::give(std::function<void(LogSink&)> job) {
    const std::lock_guard alone{shared_->mutex};
    if (shared_->jobs.size() >= most_waiting) {
        ++shared_->dropped;
        return;
    }
    shared_->jobs.push_back(std::move(job));
    shared_->changed.notify_all();
}

void BackgroundSink::write(const Event& event) {
    give([event](LogSink& sink) { sink.write(event); });
}

void BackgroundSink::set_minimum(Level minimum) {
    give([minimum](LogSink& sink) { sink.set_minimum(minimum); });
}

void BackgroundSink::reopen() {
    give([](LogSink& sink) { sink.reopen(); });
}

void BackgroundSink::close() {
    const std::lock_guard alone{shared_->mutex};
    shared_->closing = true;
    shared_->changed.notify_all();
}

void BackgroundSink::finish() {
    close();
    std::unique_lock alone{shared_->mutex};
    shared_->changed.wait_for(alone, last_words, [this] { return shared_->ended; });
}

}  // namespace samsynk::telemetry
