#include "telemetry/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/string_generator.hpp>
#include <boost/uuid/uuid_io.hpp>
#include <cstdlib>

namespace samsynk::telemetry {
namespace {

spdlog::level::level_enum spd_level(Level level) {
    switch (level) {
        case Level::debug:
            return spdlog::level::debug;
        case Level::info:
        case Level::notice:
            return spdlog::level::info;
        case Level::warning:
            return spdlog::level::warn;
        case Level::error:
            return spdlog::level::err;
    }
    return spdlog::level::info;
}

int priority(Level level) {
    switch (level) {
        case Level::debug:
            return 7;
        case Level::info:
            return 6;
        case Level::notice:
            return 5;
        case Level::warning:
            return 4;
        case Level::error:
            return 3;
    }
    return 6;
}

class LineLog : public EventSink {
public:
    LineLog(Level minimum, std::string (*line)(const Event&)) : minimum_{minimum}, line_{line} {
        auto sink = std::make_shared<spdlog::sinks::stderr_sink_st>();
        logger_ = std::make_unique<spdlog::logger>("samsynkd", sink);
        logger_->set_pattern("%v");
        logger_->set_level(spdlog::level::trace);
        logger_->flush_on(spdlog::level::trace);
    }
    void publish(Event event) override {
        if (event.level >= minimum_) logger_->log(spd_level(event.level), "{}", line_(event));
    }

private:
    Level minimum_;
    std::string (*line_)(const Event&);
    std::unique_ptr<spdlog::logger> logger_;
};

// One id an event's name, so that the journal catalog can explain it.
std::string message_id(const std::string& name) {
    const auto space = boost::uuids::string_generator{}("6f0d1c52-2c0f-5a38-9d27-53414d53594e");
    std::string id = boost::uuids::to_string(boost::uuids::name_generator_sha1{space}(name));
    std::erase(id, '-');
    return id;
}

class JournalLog : public EventSink {
public:
    explicit JournalLog(Level minimum) : minimum_{minimum} {}
    void publish(Event event) override {
        if (event.level < minimum_) return;
        std::vector<std::string> fields{
            "MESSAGE=" + to_text(event.message), "PRIORITY=" + std::to_string(priority(event.level)),
            "SYSLOG_IDENTIFIER=samsynkd", "SAMSYNK_EVENT=" + event.name, "MESSAGE_ID=" + message_id(event.name)};
        if (event.company) fields.push_back("SAMSYNK_COMPANY=" + event.company->masked());
        if (!event.run.empty()) fields.push_back("SAMSYNK_RUN=" + event.run);
        if (event.code) fields.push_back("SAMSYNK_CODE=" + std::string{name_of(*event.code)});
        for (const auto& [key, value] : event.fields) {
            std::string upper = "SAMSYNK_" + key;
            for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
            fields.push_back(upper + "=" + value);
        }
        std::vector<iovec> parts;
        for (std::string& field : fields) parts.push_back({field.data(), field.size()});
        sd_journal_sendv(parts.data(), static_cast<int>(parts.size()));
    }

private:
    Level minimum_;
};

bool standard_error_is_journal() {
    const char* stream = std::getenv("JOURNAL_STREAM");
    struct stat status {};
    if (!stream || ::fstat(STDERR_FILENO, &status) != 0) return false;
    return std::to_string(status.st_dev) + ":" + std::to_string(status.st_ino) == stream;
}

}  // namespace

std::string text_line(const Event& event) {
    std::string line = to_rfc3339(event.at) + " " + std::string{name_of(event.level)} + " " + event.name + ": " +
                       to_text(event.message);
    if (event.company) line += " company=" + event.company->masked();
    for (const auto& [key, value] : event.fields)
        line += " " + key + "=" + (value.find(' ') == std::string::npos ? value : "\"" + value + "\"");
    if (event.code) line += " code=" + std::string{name_of(*event.code)};
    if (!event.run.empty()) line += " run=" + event.run;
    for (char& c : line)
        if (static_cast<unsigned char>(c) < 0x20) c = ' ';  // one event, one line
    return line;
}

std::string json_line(const Event& event) {
    boost::json::object line{{"time", to_rfc3339(event.at)},
                             {"level", std::string{name_of(event.level)}},
                             {"event", event.name},
                             {"message", to_text(event.message)}};
    if (event.company) line["company"] = event.company->masked();
    if (!event.run.empty()) line["run"] = event.run;
    if (event.code) line["code"] = std::string{name_of(*event.code)};
    boost::json::object fields;
    for (const auto& [key, value] : event.fields) fields[key] = value;
    if (!fields.empty()) line["fields"] = std::move(fields);
    return boost::json::serialize(line);
}

std::unique_ptr<EventSink> make_log(LogFormat format, Level minimum) {
    if (format == LogFormat::automatic) format = standard_error_is_journal() ? LogFormat::journald : LogFormat::text;
    if (format == LogFormat::journald) return std::make_unique<JournalLog>(minimum);
    return std::make_unique<LineLog>(minimum, format == LogFormat::json ? json_line : text_line);
}

}  // namespace samsynk::telemetry
