// `Retry-After` in both its forms.
#pragma once

#include <chrono>
#include <string_view>

#include "core/time.hpp"

namespace samsynk::service {

/// Seconds, or an HTTP date seen from `now`; 0 where it says nothing that can be read. At most a day.
std::chrono::seconds parse_retry_after(std::string_view text, Time now);

}  // namespace samsynk::service
