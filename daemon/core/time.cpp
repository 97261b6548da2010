#include "core/time.hpp"

#include <array>
#include <cstdio>

namespace samsynk {

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

Result<Time> parse_rfc3339(std::string_view given) {
    using namespace std::chrono;
    const std::string text{given};
    const auto wrong = [&] {
        return fail(Errc::bad_reply, N_("“{text}” is not a time."), {{"text", text.substr(0, 40)}});
    };
    int y = 0, h = 0, mi = 0, s = 0, used = 0;
    unsigned mo = 0, d = 0;
    if (std::sscanf(text.c_str(), "%4d-%2u-%2u%*1[Tt ]%2d:%2d:%2d%n", &y, &mo, &d, &h, &mi, &s, &used) != 6 ||
        used == 0)
        return wrong();
    const year_month_day date{year{y}, month{mo}, day{d}};
    if (!date.ok() || h > 23 || mi > 59 || s > 60) return wrong();
    Time time = sys_days{date} + hours{h} + minutes{mi} + seconds{s};
    std::string rest = text.substr(static_cast<std::size_t>(used));
    if (rest.starts_with('.')) {
        const auto end = rest.find_first_not_of("0123456789", 1);
        if (end == 1 || end == std::string::npos) return wrong();
        time += milliseconds{std::stoi((rest.substr(1, std::min<std::size_t>(end - 1, 3)) + "000").substr(0, 3))};
        rest.erase(0, end);
    }
    if (rest == "Z" || rest == "z") return time;
    char sign = 0;
    int oh = 0, om = 0;
    if (rest.size() != 6 || std::sscanf(rest.c_str(), "%c%2d:%2d", &sign, &oh, &om) != 3 ||
        (sign != '+' && sign != '-'))
        return wrong();
    const auto offset = hours{oh} + minutes{om};
    return sign == '+' ? time - offset : time + offset;
}

}  // namespace samsynk
