#include "telemetry/log_lines.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cctype>

#include "core/personal_numbers.hpp"
#include "core/plain_text.hpp"
#include "core/secrets.hpp"
#include "core/text.hpp"
#include "telemetry/event_table.hpp"

namespace samsynk::telemetry {
namespace {

constexpr std::size_t longest_logged = 4000;  // of a sentence, and of a field: what is longer tells nobody more

// In English, on one line, valid, masked.
std::string sentence_of(const Event& event) {
    return shortened(without_personal_numbers(plain(to_text(event.message))), longest_logged);
}

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
    for (const unsigned char c : field) name += std::isalnum(c) != 0 ? static_cast<char>(std::toupper(c)) : '_';
    return name;
}

// syslog's: 7 for debug, 3 for errors.
int priority_of(Level level) { return 7 - static_cast<int>(level); }

}  // namespace

void hide_secrets(Event& event) {
    event.message = without_secrets(std::move(event.message));
    for (auto& [name, value] : event.fields) value = without_secrets(std::string_view{value});
}

std::string text_line(const Event& event) {
    std::string line{name_of(event.level)};
    line += ' ' + event.name;
    if (!event.message.id.empty()) line += ' ' + sentence_of(event);
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
                             {"message", sentence_of(event)}};
    if (event.company) line["company"] = event.company->masked();
    if (!event.run.empty()) line["run"] = event.run;
    if (event.code) line["code"] = std::string{name_of(*event.code)};
    boost::json::object fields;
    for (const auto& [name, value] : event.fields) fields[name] = clean(value);
    line["fields"] = std::move(fields);
    return boost::json::serialize(line);
}

std::vector<std::string> journal_entry(const Event& event) {
    std::string message = sentence_of(event);
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
