#include "sandbox/store/notice_json.hpp"

#include <array>
#include <boost/json.hpp>
#include <utility>

namespace samsynk::sandbox {
namespace {

namespace json = boost::json;

constexpr std::array<std::pair<const char*, std::string Notice::*>, 13> texts{{
    {"to_name", &Notice::to_name},
    {"to_email", &Notice::to_email},
    {"company", &Notice::company},
    {"company_name", &Notice::company_name},
    {"office_company", &Notice::office_company},
    {"office_name", &Notice::office_name},
    {"assignment_name", &Notice::assignment_name},
    {"invoice_recipient", &Notice::invoice_recipient},
    {"payee", &Notice::payee},
    {"token", &Notice::token},
    {"expires_on", &Notice::expires_on},
    {"last_day", &Notice::last_day},
    {"awaiting", &Notice::awaiting},
}};
constexpr std::array<std::pair<const char*, bool Notice::*>, 4> flags{{
    {"existing_administrator", &Notice::existing_administrator},
    {"by_office", &Notice::by_office},
    {"by_clock", &Notice::by_clock},
    {"to_office", &Notice::to_office},
}};

}  // namespace

std::string to_text(const Notice& notice) {
    json::object object{{"kind", json::string{name_of(notice.kind)}},
                        {"language", json::string{name_of(notice.language)}}};
    for (const auto& [name, text] : texts) object[name] = notice.*text;
    for (const auto& [name, flag] : flags) object[name] = notice.*flag;
    return json::serialize(object);
}

Notice notice_from(const std::string& text) {
    const json::value value = json::parse(text);
    const json::object& object = value.as_object();
    const auto read = [&](const char* name) {
        const auto* found = object.if_contains(name);
        return found && found->is_string() ? std::string{found->get_string()} : std::string{};
    };
    Notice notice{.kind = notice_named(read("kind")), .language = language_named(read("language"))};
    for (const auto& [name, member] : texts) notice.*member = read(name);
    for (const auto& [name, member] : flags) {
        const auto* found = object.if_contains(name);
        notice.*member = found && found->is_bool() && found->get_bool();
    }
    return notice;
}

}  // namespace samsynk::sandbox
