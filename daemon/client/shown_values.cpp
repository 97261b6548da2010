#include "client/shown_values.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <regex>
#include <set>

#include "client/sieve.hpp"

namespace samsynk::client {
namespace {

constexpr std::size_t longest_path = 1024, longest_key = 32;

enum class Kind { number, duration, share, size, flag, id, path, address, listen };

const std::map<std::string_view, Kind>& kinds() {
    static const std::map<std::string_view, Kind> all{
        {"url", Kind::address},
        {"issuer", Kind::address},
        {"proxy", Kind::address},
        {"ca_file", Kind::path},
        {"client_cert_file", Kind::path},
        {"client_key_file", Kind::path},
        {"client_secret_file", Kind::path},
        {"refresh_token_file", Kind::path},
        {"proxy_password_file", Kind::path},
        {"password_file", Kind::path},
        {"path", Kind::path},
        {"socket", Kind::path},
        {"directory", Kind::path},
        {"file", Kind::path},
        {"connect_timeout", Kind::duration},
        {"reply_timeout", Kind::duration},
        {"interval", Kind::duration},
        {"release_missing_after", Kind::duration},
        {"timeout", Kind::duration},
        {"push", Kind::flag},
        {"ca_only", Kind::flag},
        {"mass_change_limit", Kind::share},
        {"rotate_at", Kind::size},
        {"keep", Kind::number},
        {"port", Kind::number},
        {"id", Kind::id},
        {"client_id", Kind::id},
        {"client_key_id", Kind::id},
        {"observers", Kind::id},
        {"listen", Kind::listen},
    };
    return all;
}

// Of an enumeration only its own words are shown.
const std::set<std::string_view>* words_of(std::string_view key) {
    static const std::map<std::string_view, std::set<std::string_view>> all{
        {"first_contact", {"online", "local", "hold"}},
        {"connector", {"folder", "sql", "exec"}},
        {"watch", {"auto", "events", "poll", "off"}},
        {"type", {"sqlite", "postgresql", "mariadb", "odbc"}},
        {"tls", {"auto", "on", "off"}},
        {"new_companies", {"accept", "approve"}},
        {"level", {"debug", "info", "notice", "warning", "error"}},
        {"format", {"auto", "journald", "json", "text"}},
        {"companies", {"true", "false", "yes", "no", "on", "off"}},
    };
    const auto found = all.find(key);
    return found == all.end() ? nullptr : &found->second;
}

bool is_all(std::string_view text, const char* form) {
    return text.size() <= longest_path && std::regex_match(text.begin(), text.end(), std::regex{form});
}

// Base64 may begin with a slash: what only it has is not shown.
bool is_path(std::string_view text) {
    constexpr std::string_view below_credentials = "${CREDENTIALS_DIRECTORY}/";
    const bool whole = text.starts_with('/') || text.starts_with(below_credentials);
    const bool strange = std::any_of(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) < ' ') ||
               std::string_view{"=+@?;:*<>|\"'`\\"}.find(c) != std::string_view::npos;
    });
    return whole && !strange && text.size() <= longest_path && text.find(" -") == std::string_view::npos;
}

constexpr const char* id_form = "[A-Za-z0-9][A-Za-z0-9._-]{0,62}";

// Scheme, host and port. Who signs in there, and what comes after, may be a secret; so may all of it that is not
// written as it should be.
std::optional<std::string> shown_address(const std::string& text) {
    static const std::regex form{
        R"((https?://)([^@/?#\s]*@)?((?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?)(/?)([^@\s]*))"};
    std::smatch part;
    if (text.size() > longest_path || !std::regex_match(text, part, form)) return std::nullopt;
    if (part[2].matched && part[5].length() > 0) return std::nullopt;
    if (part[5].length() > 0 && part[4].length() == 0) return std::nullopt;
    return part[1].str() + (part[2].matched ? std::string{hidden} + "@" : "") + part[3].str() + part[4].str() +
           (part[5].length() > 0 ? hidden : "");
}

const char* form_of(Kind kind) {
    switch (kind) {
        case Kind::number:
            return "[0-9]{1,5}";
        case Kind::duration:
            return "[0-9]{1,6} ?(s|m|min|h|d)?";
        case Kind::share:
            return "[0-9]{1,3}([.,][0-9]{1,3})? ?%?";
        case Kind::size:
            return "[0-9]{1,6} ?([KMG]i?B)?|never";
        case Kind::flag:
            return "true|false|yes|no|on|off";
        case Kind::listen:
            return R"((\[[0-9A-Fa-f:.]{2,45}\]|[0-9.]{1,15}):[0-9]{1,5})";
        default:
            return id_form;
    }
}

}  // namespace

bool is_section(std::string_view key) {
    static constexpr std::array<std::string_view, 9> sections{"service", "auth",  "sync", "installations", "database",
                                                              "control", "state", "log",  "metrics"};
    return std::find(sections.begin(), sections.end(), key) != sections.end();
}

bool is_setting(std::string_view key) {
    return kinds().contains(key) || words_of(key) || key == "host" || key == "mapping" || key == "command";
}

std::optional<std::string> shown_value(std::string_view key, std::string_view value) {
    const std::string text{value};
    if (const auto* words = words_of(key)) return words->count(value) != 0 ? std::optional{text} : std::nullopt;
    if (key == "host")
        return is_all(value, R"([A-Za-z0-9.-]{1,253}|\[?[0-9A-Fa-f:.]{2,45}\]?)") || is_path(value)
                   ? std::optional{text}
                   : std::nullopt;
    if (key == "mapping") return is_all(value, id_form) || is_path(value) ? std::optional{text} : std::nullopt;
    const auto kind = kinds().find(key);
    if (kind == kinds().end()) return std::nullopt;
    if (kind->second == Kind::address) return shown_address(text);
    if (kind->second == Kind::path) return is_path(value) ? std::optional{text} : std::nullopt;
    return is_all(value, form_of(kind->second)) ? std::optional{text} : std::nullopt;
}

std::optional<std::string> shown_choice(std::string_view value) {
    if (is_path(value)) return std::string{value};
    const std::string_view id = value.substr(0, value.find(':'));
    if (!is_all(id, "[a-z0-9][a-z0-9-]{0,62}")) return std::nullopt;
    return std::string{id} + (id.size() < value.size() ? std::string{":"} + hidden : "");
}

std::optional<std::string> shown_program(std::string_view value) {
    const std::string_view word = value.substr(0, value.find_first_of(" \t\r\n"));
    if (!is_path(word)) return std::nullopt;
    return std::string{word} + (word.size() < value.size() ? std::string{" "} + hidden : "");
}

bool is_plain_key(std::string_view key) {
    return !key.empty() && key.size() <= longest_key && std::all_of(key.begin(), key.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' || (c & 0x80) != 0;
    });
}

}  // namespace samsynk::client
