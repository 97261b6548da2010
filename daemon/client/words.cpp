#include "client/words.hpp"

#include <ctime>

#include "client/language.hpp"
#include "core/plain_text.hpp"
#include "core/time.hpp"

namespace samsynk::client {
namespace json = boost::json;

std::string text_at(const json::value& object, const char* key) {
    const auto* value = object.as_object().if_contains(key);
    return value && value->is_string() ? plain(std::string_view{value->get_string()}) : std::string{};
}

std::string choice_word(const json::value& choice) {
    if (!choice.is_bool()) return translated(N_("not chosen"));
    return choice.get_bool() ? translated(N_("yes")) : translated(N_("no"));
}

std::string preference_word(const std::string& name) {
    return name == "send_all_invoices" ? translated(N_("send all invoices")) : translated(N_("receive invoices"));
}

std::string state_word(const std::string& name) {
    if (name == "synced") return translated(N_("synced"));
    if (name == "waiting") return translated(N_("waiting"));
    if (name == "held") return translated(N_("held"));
    if (name == "failed") return translated(N_("failed"));
    if (name == "ignored") return translated(N_("ignored"));
    if (name == "offline") return translated(N_("offline"));
    return translated(N_("pending"));
}

std::string counts_line(const json::value& counts) {
    // A daemon that is older than this command, just after an update, does not know all of them.
    const auto count = [&](const char* what) {
        const auto* one = counts.as_object().if_contains(what);
        return std::to_string(one ? one->to_number<std::size_t>() : 0);
    };
    std::string line =
        say(N_("{companies} companies: {synced} synced, {waiting} waiting, {held} held, {failed} failed, "
               "{ignored} ignored"),
            {{"companies", count("companies")},
             {"synced", count("synced")},
             {"waiting", count("waiting")},
             {"held", count("held")},
             {"failed", count("failed")},
             {"ignored", count("ignored")}});
    if (count("pending") != "0") line += ", " + say(N_("{pending} not looked at yet"), {{"pending", count("pending")}});
    if (count("offline") != "0") line += ", " + say(N_("{offline} offline"), {{"offline", count("offline")}});
    return line + ".";
}

std::string collaboration_word(const std::string& name) {
    if (name == "invited") return translated(N_("invited"));
    if (name == "active") return translated(N_("active"));
    if (name == "declined") return translated(N_("declined"));
    if (name == "expired") return translated(N_("expired"));
    if (name == "ending") return translated(N_("ending"));
    if (name == "ended") return translated(N_("ended"));
    return translated(N_("none"));
}

std::string local_time(const std::string& rfc3339) {
    const auto time = parse_rfc3339(rfc3339);
    if (time.has_error()) return {};
    const std::time_t seconds = std::chrono::system_clock::to_time_t(*time);
    std::tm local{};
    ::localtime_r(&seconds, &local);
    char text[32] = {};
    std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &local);
    return text;
}

std::string pretty_number(const json::value& number) {
    if (!number.is_string()) return "?";
    const std::string digits = plain(std::string_view{number.get_string()});
    if (digits.size() != 10) return digits;
    // A person's: of it only the birth date is shown, as on the page. Programs get it whole, by --json.
    return digits.substr(0, 6) + "-" + (digits[2] < '2' ? "****" : digits.substr(6));
}

std::string company_label(const json::value& company) {
    const std::string name = text_at(company, "name");
    return name.empty() ? text_at(company, "place") : name;
}

std::string problem_line(const json::value& company) {
    const std::string label = company_label(company), reason = say_reason(company.at("reason"));
    return "  ! " + (reason.find(label) == std::string::npos ? label + ": " + reason : reason);
}

std::string change_words(const json::value& change) {
    const std::string kind = text_at(change, "kind");
    if (kind == "collaboration" || kind == "told")
        return say(N_("the collaboration is {state}"),
                   {{"state", collaboration_word(text_at(change, "collaboration"))}});
    const auto words = kind == "to_local"    ? N_("{preference}: {from} → {to} (fetched from the online service)")
                       : kind == "to_online" ? N_("{preference}: {from} → {to} (sent to the online service)")
                                             : N_("{preference}: {from} → {to} (chosen by {by})");
    return say(words, {{"preference", preference_word(text_at(change, "preference"))},
                       {"from", choice_word(change.at("from"))},
                       {"to", choice_word(change.at("to"))},
                       {"by", text_at(change, "by")}});
}

std::string change_line(const json::value& change) { return company_label(change) + ": " + change_words(change); }

}  // namespace samsynk::client
