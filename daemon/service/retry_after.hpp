// `Retry-After` in both its forms, and HTTP's way to write a time.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "core/time.hpp"

namespace samsynk::service {

/// Seconds, or an HTTP date seen from `now`; 0 where it says nothing that can be read. At most a day.
std::chrono::seconds parse_retry_after(std::string_view text, Time now);

/// `Sun, 06 Nov 1994 08:49:37 GMT` as seconds since 1970; nothing where it is none.
std::optional<std::chrono::seconds> parse_http_date(std::string_view text);

}  // namespace samsynk::service
