#include "core/duration.hpp"

#include <charconv>
#include <cstdint>

namespace samsynk {

std::optional<std::chrono::seconds> parse_duration(std::string_view text) {
    constexpr std::size_t most_digits = 8;
    const std::size_t digits = text.find_first_not_of("0123456789");
    if (digits == 0 || digits == std::string_view::npos || digits > most_digits) return std::nullopt;
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + digits, number);
    const std::string_view unit = text.substr(digits);
    if (unit == "s") return std::chrono::seconds{number};
    if (unit == "m" || unit == "min") return std::chrono::minutes{number};
    if (unit == "h") return std::chrono::hours{number};
    if (unit == "d") return std::chrono::hours{number * 24};
    return std::nullopt;
}

}  // namespace samsynk
