#include "client/language.hpp"

#include <libintl.h>

#include <clocale>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "core/plain_text.hpp"

namespace samsynk::client {
namespace {

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

// What the environment asks for, in gettext's order of precedence.
std::string wanted_locale() {
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"})
        if (const std::string value = environment(name); !value.empty()) return value;
    return "C";
}

// glibc 2.41 (Debian 13) translates nothing in C.UTF-8, whatever LANGUAGE says, so a locale that is not installed is
// stood in for by one of our own, which is C.UTF-8 under a Swedish name. Which words are shown, LANGUAGE still decides.
bool choose_stand_in() {
    const auto folder = std::filesystem::path{catalog_folder()}.parent_path() / "samsynk/locales";
    const std::string before = environment("LOCPATH");
    ::setenv("LOCPATH", folder.c_str(), 1);
    const bool chosen = std::setlocale(LC_CTYPE, "sv_SE.UTF-8") && std::setlocale(LC_MESSAGES, "sv_SE.UTF-8");
    if (before.empty()) {
        ::unsetenv("LOCPATH");
    } else {
        ::setenv("LOCPATH", before.c_str(), 1);
    }
    return chosen;
}

}  // namespace

std::string catalog_folder() {
    std::error_code code;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", code);
    const auto beside = program.parent_path().parent_path() / "share/locale";
    return !code && std::filesystem::exists(beside / "sv", code) ? beside.string() : "/usr/share/locale";
}

void choose_language() {
    const std::string wanted = wanted_locale();
    // Words and letters only: numbers and times are the same in every language here, and each kind is a file to open.
    const bool known = std::setlocale(LC_CTYPE, "") && std::setlocale(LC_MESSAGES, "");
    // A locale that is not installed would leave us with plain C, in which gettext translates nothing.
    if (!known || std::string{std::setlocale(LC_MESSAGES, nullptr)} == "C") {
        if (wanted.starts_with("sv") && environment("LANGUAGE").empty()) ::setenv("LANGUAGE", "sv", 1);
        if (wanted == "C" || wanted == "POSIX") ::unsetenv("LANGUAGE");
        if (environment("LANGUAGE").empty() || !choose_stand_in()) {
            std::setlocale(LC_CTYPE, "C.UTF-8");
            std::setlocale(LC_MESSAGES, "C.UTF-8");
        }
    }
    ::bindtextdomain("samsynk", catalog_folder().c_str());
    ::bind_textdomain_codeset("samsynk", "UTF-8");
    ::textdomain("samsynk");
}

std::string translated(const std::string& id) { return id.empty() ? id : ::gettext(id.c_str()); }

std::string tr(const Message& message) {
    Message shown = message;
    for (auto& [name, value] : shown.args) value = plain(value);
    return to_text(shown, translated);
}
std::string tr(std::string id, Values values) { return tr(Message{std::move(id), std::move(values)}); }

void print_line(std::string id, Values values) { std::cout << tr(std::move(id), std::move(values)) << "\n"; }

Message message_of(const boost::json::object& told) {
    Message message;
    if (const auto* id = told.if_contains("message_id"); id && id->is_string()) message.id = id->get_string();
    if (const auto* args = told.if_contains("args"); args && args->is_object())
        for (const auto& [name, value] : args->get_object())
            message.args.emplace_back(
                name, value.is_string() ? std::string{value.get_string()} : boost::json::serialize(value));
    return message;
}

std::string tr_reason(const boost::json::value& reason) {
    return reason.is_object() ? tr(message_of(reason.get_object())) : std::string{};
}

std::string text_at(const boost::json::value& object, const char* key) {
    const auto* value = object.as_object().if_contains(key);
    return value && value->is_string() ? plain(std::string_view{value->get_string()}) : std::string{};
}

}  // namespace samsynk::client
