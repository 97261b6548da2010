#include "core/time.hpp"

#include <array>
#include <cstdio>
#include <optional>

#include "core/text.hpp"

namespace samsynk {
namespace {

// Takes `count` digits, and the one character of `end` that must follow where `end` names any.
std::optional<int> take(std::string_view& text, std::size_t count, std::string_view end) {
    if (text.size() < count + (end.empty() ? 0 : 1)) return std::nullopt;
    int number = 0;
    for (std::size_t i = 0; i < count; ++i) {
        if (!is_digit(text[i])) return std::nullopt;
        number = number * 10 + (text[i] - '0');
    }
    if (!end.empty() && end.find(text[count]) == std::string_view::npos) return std::nullopt;
    text.remove_prefix(count + (end.empty() ? 0 : 1));
    return number;
}

// Milliseconds, where the text begins with a fraction; further digits are left out.
std::optional<std::chrono::milliseconds> take_fraction(std::string_view& text) {
    if (!text.starts_with('.')) return std::chrono::milliseconds{0};
    int fraction = 0, digits = 0;
    for (text.remove_prefix(1); !text.empty() && is_digit(text.front()); text.remove_prefix(1))
        if (++digits <= 3) fraction = fraction * 10 + (text.front() - '0');
    if (digits == 0) return std::nullopt;
    for (; digits < 3; ++digits) fraction *= 10;
    return std::chrono::milliseconds{fraction};
}

std::optional<std::chrono::minutes> read_offset(std::string_view text) {
    if (text == "Z" || text == "z") return std::chrono::minutes{0};
    if (text.empty() || (text.front() != '+' && text.front() != '-')) return std::nullopt;
    const bool east = text.front() == '+';
    text.remove_prefix(1);
    const auto hours = take(text, 2, ":");
    const auto minutes = hours ? take(text, 2, "") : std::nullopt;
    if (!minutes || !text.empty() || *hours > 23 || *minutes > 59) return std::nullopt;
    const std::chrono::minutes offset{*hours * 60 + *minutes};
    return east ? offset : -offset;
}

std::optional<Time> read_time(std::string_view text) {
    using namespace std::chrono;
    std::array<int, 6> parts{};
    constexpr std::array<std::string_view, 6> ends{"-", "-", "Tt ", ":", ":", ""};
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto part = take(text, i == 0 ? 4 : 2, ends[i]);
        if (!part) return std::nullopt;
        parts[i] = *part;
    }
    const auto fraction = take_fraction(text);
    const auto offset = fraction ? read_offset(text) : std::nullopt;
    const year_month_day date{year{parts[0]}, month{static_cast<unsigned>(parts[1])},
                              day{static_cast<unsigned>(parts[2])}};
    if (!offset || !date.ok() || parts[3] > 23 || parts[4] > 59 || parts[5] > 60) return std::nullopt;
    return sys_days{date} + hours{parts[3]} + minutes{parts[4]} + seconds{parts[5]} + *fraction - *offset;
}

}  // namespace

Time wall_clock() { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); }

std::string to_rfc3339(Time time) {
    using namespace std::chrono;
    const auto day = floor<days>(time);
    const year_month_day date{day};
    const hh_mm_ss clock{floor<seconds>(time - day)};
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                  static_cast<int>(clock.seconds().count()));
    return text.data();
}

Result<Time> parse_rfc3339(std::string_view text) {
    using namespace std::chrono;
    const auto time = read_time(text);
    // An offset or a leap second may lead out of the four-digit years, where it could not be written again.
    if (!time || *time < sys_days{year{0} / 1 / 1} || *time >= sys_days{year{10000} / 1 / 1})
        return fail(Errc::bad_reply, N_("“{text}” is not a time."), {{"text", shortened(text, 40)}});
    return *time;
}

}  // namespace samsynk
