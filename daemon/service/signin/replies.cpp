#include "service/signin/replies.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "service/json_reader.hpp"

namespace samsynk::service {
namespace {

using std::chrono::seconds;

constexpr std::int64_t longest_token = 30 * 86400;          // seconds; longer ones are used this long
constexpr std::int64_t longest_sign_in = 10 * 366 * 86400;  // seconds
constexpr std::int64_t longest_code = 3600;                 // seconds; nobody waits longer
constexpr std::int64_t longest_pause = 300;                 // seconds between questions

// Azure writes a text, others a fraction. What can't be read is not stated: no lifetime is a reason not to sign in.
std::optional<seconds> seconds_at(const JsonReader& reader, const char* field, std::int64_t most) {
    const auto* value = reader.find(field);
    double count = std::numeric_limits<double>::quiet_NaN();
    if (value && value->is_string()) {
        const std::string_view text{value->get_string()};
        const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), count);
        if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    } else if (value && value->is_number()) {
        count = value->to_number<double>();
    }
    if (std::isnan(count)) return std::nullopt;
    return seconds{static_cast<std::int64_t>(std::clamp(count, 0.0, static_cast<double>(most)))};
}

bool is_plain(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](unsigned char c) { return c > 0x20 && c < 0x7f; });
}

// What people are shown must not steer their terminal; what is opened must be a web address.
std::string plain(const JsonReader& reader, const char* field) {
    std::string text = reader.text_or_empty(field);
    if (text.size() > 2000 || !is_plain(text)) throw WrongShape{field};
    return text;
}

std::string web_address(const JsonReader& reader, const char* field) {
    std::string address = plain(reader, field);
    if (!address.empty() && !address.starts_with("https://") && !address.starts_with("http://"))
        throw WrongShape{field};
    return address;
}

// `verification_url` at Google, and at others that are older than RFC 8628.
std::string web_address(const JsonReader& reader, const char* field, const char* older) {
    const std::string address = web_address(reader, field);
    return address.empty() ? web_address(reader, older) : address;
}

std::vector<std::string> words_at(const JsonReader& reader, const char* field) {
    std::vector<std::string> words;
    const auto* value = reader.find(field);
    if (!value || !value->is_array()) return words;
    for (const auto& word : value->get_array())
        if (word.is_string()) words.emplace_back(word.get_string());
    return words;
}

}  // namespace

Result<Discovery> parse_discovery(std::string_view text) {
    return read_json<Discovery>(text, [](const JsonReader& reader) {
        Discovery discovery{.issuer = reader.text("issuer"),
                            .token_endpoint = reader.text("token_endpoint"),
                            .device_authorization_endpoint = reader.text_or_empty("device_authorization_endpoint"),
                            .revocation_endpoint = reader.text_or_empty("revocation_endpoint"),
                            .signing_algorithms = {},
                            .secret_in_form = false};
        discovery.signing_algorithms = words_at(reader, "token_endpoint_auth_signing_alg_values_supported");
        const auto methods = words_at(reader, "token_endpoint_auth_methods_supported");
        const auto offers = [&](const char* way) {
            return std::find(methods.begin(), methods.end(), way) != methods.end();
        };
        discovery.secret_in_form = offers("client_secret_post") && !offers("client_secret_basic");
        return discovery;
    });
}

Result<TokenReply> parse_token(std::string_view text) {
    return read_json<TokenReply>(text, [](const JsonReader& reader) {
        TokenReply reply{.access_token = reader.text("access_token"),
                         .refresh_token = reader.text_or_empty("refresh_token"),
                         .refresh_lifetime = seconds_at(reader, "refresh_expires_in", longest_sign_in)};
        if (const auto lifetime = seconds_at(reader, "expires_in", longest_token)) reply.lifetime = *lifetime;
        if (reply.access_token.empty() || !is_plain(reply.access_token)) throw WrongShape{"access_token"};
        // 0 is how Keycloak says that a sign-in has no end.
        if (reply.refresh_lifetime == seconds{0}) reply.refresh_lifetime.reset();
        return reply;
    });
}

Result<DeviceReply> parse_device(std::string_view text) {
    return read_json<DeviceReply>(text, [](const JsonReader& reader) {
        DeviceReply reply{
            .device_code = reader.text("device_code"),
            .user_code = plain(reader, "user_code"),
            .verification_uri = web_address(reader, "verification_uri", "verification_url"),
            .verification_uri_complete = web_address(reader, "verification_uri_complete", "verification_url_complete")};
        if (const auto lifetime = seconds_at(reader, "expires_in", longest_code)) reply.lifetime = *lifetime;
        if (const auto interval = seconds_at(reader, "interval", longest_pause))
            reply.interval = std::max(seconds{1}, *interval);
        if (reply.device_code.empty()) throw WrongShape{"device_code"};
        if (reply.user_code.empty()) throw WrongShape{"user_code"};
        if (reply.verification_uri.empty()) throw WrongShape{"verification_uri"};
        return reply;
    });
}

std::string parse_oauth_error(std::string_view text) {
    const auto code =
        read_json<std::string>(text, [](const JsonReader& reader) { return reader.text_or_empty("error"); });
    const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
    if (code.has_error() || code->size() > 60 || !std::all_of(code->begin(), code->end(), is_letter)) return {};
    return *code;
}

}  // namespace samsynk::service
