#include "service/retry_after.hpp"

#include <algorithm>
#include <ctime>
#include <string>

namespace samsynk::service {

std::chrono::seconds parse_retry_after(std::string_view given, Time now) {
    using std::chrono::seconds;
    constexpr seconds most{86400};
    const std::string text{given};
    if (text.empty()) return seconds{0};
    if (text.find_first_not_of("0123456789") == std::string::npos)
        return text.size() > 6 ? most : std::min(seconds{std::stol(text)}, most);
    const auto at = parse_http_date(text);
    if (!at) return seconds{0};
    return std::clamp(*at - std::chrono::floor<seconds>(now).time_since_epoch(), seconds{0}, most);
}

// In seconds: nanoseconds, the system clock's unit, end in 2262.
std::optional<std::chrono::seconds> parse_http_date(std::string_view text) {
    std::tm date{};
    const std::string given{text};
    const char* end = ::strptime(given.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &date);
    if (!end || *end != '\0') return std::nullopt;
    return std::chrono::seconds{::timegm(&date)};
}

}  // namespace samsynk::service
