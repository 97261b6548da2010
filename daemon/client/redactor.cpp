#include "client/redactor.hpp"

#include <algorithm>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

#include "client/language.hpp"
#include "core/message.hpp"
#include "core/personal_numbers.hpp"

namespace samsynk::client {
namespace {

namespace json = boost::json;

constexpr std::size_t least_secret = 4, least_name = 3;

void replace_all(std::string& text, std::string_view what, std::string_view with) {
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
}

// `8080/`, of the address of a page.
bool is_port(std::string_view text, std::size_t at) {
    const std::size_t end = std::min(text.find_first_not_of("0123456789", at), text.size());
    return end > at && end - at <= 5 && end < text.size() && text[end] == '/';
}

// `http://user:password@proxy`: whatever it is that stands there, also where it is not encoded as it should be.
std::string without_passwords(const std::string& text) {
    std::string clean;
    std::size_t copied = 0;
    for (std::size_t at = text.find("://"); at != std::string::npos; at = text.find("://", copied)) {
        const std::size_t user = at + 3, end = std::min(text.find_first_of(" \t\r\n\"'<>", user), text.size());
        const std::size_t colon = text.find_first_of(":/@", user);
        const std::size_t sign = std::string_view{text}.substr(0, end).rfind('@');
        const bool hides =
            colon < end && text[colon] == ':' && !is_port(text, colon + 1) && sign != std::string::npos && sign > colon;
        const std::size_t from = hides ? sign : user;
        clean.append(text, copied, (hides ? colon + 1 : user) - copied);
        if (hides) clean += hidden;
        copied = from;
    }
    return clean.append(text, copied);
}

// A sentence is made anew of its parts, which were cleaned: the name in it is then the other one, too.
void make_sentence_anew(json::object& object) {
    const auto *id = object.if_contains("message_id"), *args = object.if_contains("args");
    if (!id || !id->is_string() || !args || !args->is_object() || !object.contains("message")) return;
    object["message"] = to_text(message_of(object));
}

}  // namespace

void Redactor::hide(const std::string& secret) {
    if (secret.size() < least_secret) return;
    const std::string quoted = json::serialize(json::value(secret));
    for (const std::string& form :
         {secret, quoted.substr(1, quoted.size() - 2), boost::urls::encode(secret, boost::urls::unreserved_chars)})
        if (std::find(secrets_.begin(), secrets_.end(), form) == secrets_.end()) secrets_.push_back(form);
    std::sort(secrets_.begin(), secrets_.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
}

void Redactor::rename(const std::string& name) {
    if (name.size() >= least_name) names_.emplace(name, "company-" + std::to_string(names_.size() + 1));
}

std::string Redactor::clean_value(std::string text) const {
    for (const std::string& secret : secrets_) replace_all(text, secret, hidden);
    return without_personal_numbers(without_passwords(text), Numbers::also_mistyped);
}

std::string Redactor::clean(std::string text) const {
    for (const auto& [name, other] : names_) replace_all(text, name, other);
    return clean_value(std::move(text));
}

json::value Redactor::clean(const json::value& value) const {
    if (value.is_string()) {
        const std::string text{value.get_string()};
        const auto other = names_.find(text);
        return json::value(other == names_.end() ? clean_value(text) : other->second);
    }
    if (value.is_array()) {
        json::array array;
        for (const auto& item : value.get_array()) array.push_back(clean(item));
        return array;
    }
    if (!value.is_object()) return value;
    json::object object;
    for (const auto& [key, item] : value.get_object()) object[clean_value(key)] = clean(item);
    make_sentence_anew(object);
    return object;
}

}  // namespace samsynk::client
