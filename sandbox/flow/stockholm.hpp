// The date in Sweden, on which a collaboration's last day ends.
#pragma once

#include <string>
#include <string_view>

#include "core/time.hpp"

namespace samsynk::sandbox {

/// The day in Europe/Stockholm as `2026-12-31`: UTC+1, or UTC+2 from the last Sunday of March to that of October, 01:00
/// UTC.
std::string day_in_stockholm(Time time);
/// As the clock on the wall there shows it: `2026-12-31 14:05`.
std::string minute_in_stockholm(Time time);

/// Whether a text is a day of the calendar, written 2026-12-31.
bool is_day(std::string_view text);

}  // namespace samsynk::sandbox
