#include "service/retry_after.hpp"

#include <algorithm>
#include <ctime>
#include <optional>
#include <string>

#include "service/https_client.hpp"
#include "service/json_reply.hpp"

namespace samsynk::service {
namespace {

using std::chrono::seconds;

seconds wait_until(std::string_view given, seconds now) {
    constexpr seconds most{86400};
    const std::string text{given};
    if (text.empty()) return seconds{0};
    if (text.find_first_not_of("0123456789") == std::string::npos)
        return text.size() > 6 ? most : std::min(seconds{std::stol(text)}, most);
    const auto at = parse_http_date(text);
    return at ? std::clamp(*at - now, seconds{0}, most) : seconds{0};
}

}  // namespace

// In seconds: nanoseconds, the system clock's unit, end in 2262.
std::optional<seconds> parse_http_date(std::string_view text) {
    std::tm date{};
    const std::string given{text};
    const char* end = ::strptime(given.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &date);
    if (!end || *end != '\0') return std::nullopt;
    return seconds{::timegm(&date)};
}

seconds parse_retry_after(std::string_view given, Time now) {
    return wait_until(given, std::chrono::floor<seconds>(now).time_since_epoch());
}

seconds asked_wait_of(const HttpReply& reply, Time now) {
    const auto here = std::chrono::floor<seconds>(now).time_since_epoch();
    const seconds asked = wait_until(reply.retry_after, parse_http_date(reply.date).value_or(here));
    const bool own_words = reply.content_type == "application/problem+json" || is_json(reply);
    return own_words ? asked : std::min<seconds>(asked, most_for_another);
}

std::optional<seconds> ahead_of(const HttpReply& reply, Time now) {
    const auto theirs = parse_http_date(reply.date);
    if (!theirs) return std::nullopt;
    return std::chrono::round<seconds>(now.time_since_epoch()) - *theirs;
}

}  // namespace samsynk::service
