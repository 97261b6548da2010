// What an answer of the service means that is no success.
#pragma once

#include <chrono>

#include "service/https_client.hpp"

namespace samsynk::service {

/// `waits`: how long it asks to be let alone; `token`: how long the token was that the request bore, in bytes.
/// Errors: sign_in_failed, forbidden, cursor_expired, rate_limited, epoch_changed, call_refused (400, 413, 422), else
/// service_error.
Error refusal_of(const HttpReply& reply, std::chrono::seconds waits, std::size_t token);

/// A 504 to a request that was to be held: something between us waited in vain. Error service_unreachable.
Error cut_by(const HttpReply& reply);

}  // namespace samsynk::service
