#include "sandbox/flow/stockholm.hpp"

namespace samsynk::sandbox {

namespace {

std::string in_stockholm(Time time) {
    using namespace std::chrono;
    const auto this_year = year_month_day{floor<days>(time)}.year();
    const Time summer = sys_days{this_year / March / Sunday[last]} + hours{1};
    const Time winter = sys_days{this_year / October / Sunday[last]} + hours{1};
    return to_rfc3339(time + (time >= summer && time < winter ? hours{2} : hours{1}));
}

}  // namespace

std::string day_in_stockholm(Time time) { return in_stockholm(time).substr(0, 10); }

std::string minute_in_stockholm(Time time) {
    const std::string text = in_stockholm(time);
    return text.substr(0, 10) + " " + text.substr(11, 5);
}

bool is_day(std::string_view text) {
    return text.size() == 10 && parse_rfc3339(std::string{text}.append("T00:00:00Z")).has_value();
}

}  // namespace samsynk::sandbox
