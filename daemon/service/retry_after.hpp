// How long a service asks us to wait, and HTTP's way to write a time.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "core/time.hpp"

namespace samsynk::service {

struct HttpReply;

/// `Retry-After`, in seconds or as an HTTP date. 0 where it says nothing, at most a day.
std::chrono::seconds parse_retry_after(std::string_view text, Time now);

/// `Sun, 06 Nov 1994 08:49:37 GMT` as seconds since 1970; nothing where it is none.
std::optional<std::chrono::seconds> parse_http_date(std::string_view text);
/// By how much the clock here is ahead of the one that the reply tells of; nothing where it tells of none. The other
/// shows whole seconds, and its reply took a moment.
std::optional<std::chrono::seconds> ahead_of(const HttpReply& reply, Time now);
/// What is not in the service's own words (a page of something between us, most likely) is believed for so long only.
inline constexpr std::chrono::minutes most_for_another{5};
/// The same of a whole reply: a date is measured by the service's own clock, where the reply tells it.
std::chrono::seconds asked_wait_of(const HttpReply& reply, Time now);

}  // namespace samsynk::service
