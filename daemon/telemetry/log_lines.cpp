#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "core/plain_text.hpp"
#include "core/text.hpp"
#include "telemetry/clean_text.hpp"
#include "telemetry/event_table.hpp"
#include "telemetry/log_sink.hpp"

namespace samsynk::telemetry {
namespace {

std::string clean(std::string_view value) {
    return shortened(without_personal_numbers(valid_utf8(value)), longest_logged);
}

// Quoted only where it must be, so that the usual line is easy to read and to cut.
std::string in_quotes(std::string_view value) {
    const std::string text = one_line(clean(value));
    if (!text.empty() && text.find_first_of(" \"=") == std::string::npos) return text;
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') result += '\\';
        result += c;
    }
    return result + '"';
}

std::string journal_name(std::string_view field) {
    std::string name = "SAMSYNK_";
    for (const char c : field) {
        const bool lower = c >= 'a' && c <= 'z';
        const bool other = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        name += lower ? static_cast<char>(c - 'a' + 'A') : other ? c : '_';
    }
    return name;
}

int priority_of(Level level) {
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

}  // namespace

std::optional<Level> level_named(std::string_view name) {
    for (const Level level : {Level::debug, Level::info, Level::notice, Level::warning, Level::error})
        if (name_of(level) == name) return level;
    return std::nullopt;
}

std::string text_line(const Event& event) {
    std::string line{name_of(event.level)};
    line += ' ' + event.name;
    if (!event.message.id.empty()) line += ' ' + log_message(event);
    if (event.company) line += " company=" + event.company->masked();
    if (!event.run.empty()) line += " run=" + event.run;
    if (event.code) line += " code=" + std::string{name_of(*event.code)};
    for (const auto& [name, value] : event.fields) line += ' ' + name + '=' + in_quotes(value);
    return line;
}

std::string json_line(const Event& event) {
    boost::json::object line{{"time", to_rfc3339(event.at)},
                             {"level", std::string{name_of(event.level)}},
                             {"event", event.name},
                             {"message", log_message(event)}};
    if (event.company) line["company"] = event.company->masked();
    if (!event.run.empty()) line["run"] = event.run;
    if (event.code) line["code"] = std::string{name_of(*event.code)};
    boost::json::object fields;
    for (const auto& [name, value] : event.fields) fields[name] = clean(value);
    line["fields"] = std::move(fields);
    return boost::json::serialize(line);
}

std::vector<std::string> journal_entry(const Event& event) {
    std::string message = log_message(event);
    if (message.empty()) message = event.name;
    std::vector<std::string> entry{"MESSAGE=" + message, "PRIORITY=" + std::to_string(priority_of(event.level)),
                                   "SYSLOG_IDENTIFIER=samsynkd", "SAMSYNK_EVENT=" + event.name};
    if (const EventInfo* info = find_event(event.name)) entry.push_back("MESSAGE_ID=" + std::string{info->message_id});
    if (event.company) entry.push_back("SAMSYNK_COMPANY=" + event.company->masked());
    if (!event.run.empty()) entry.push_back("SAMSYNK_RUN=" + event.run);
    if (event.code) entry.push_back("SAMSYNK_CODE=" + std::string{name_of(*event.code)});
    for (const auto& [name, value] : event.fields) entry.push_back(journal_name(name) + '=' + clean(value));
    return entry;
}

}  // namespace samsynk::telemetry
