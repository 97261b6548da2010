// How long a service asks us to wait.
#pragma once

#include <chrono>
#include <string_view>

#include "core/time.hpp"

namespace samsynk::service {

struct HttpReply;

/// `Retry-After`, in seconds or as an HTTP date. 0 where it says nothing, at most a day.
std::chrono::seconds parse_retry_after(std::string_view text, Time now);

/// The same of a whole reply: a date is measured by the service's own clock, where the reply tells it.
std::chrono::seconds asked_wait_of(const HttpReply& reply, Time now);

}  // namespace samsynk::service
