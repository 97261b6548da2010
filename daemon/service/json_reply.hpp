// What a host answered, read as JSON: where that fails, who it was and what came instead.
#pragma once

#include "service/https_client.hpp"

namespace samsynk::service {

bool is_json(const HttpReply& reply);

/// The error of a reply that says itself that it is no JSON: a page for people, most likely.
Error not_json(const HttpReply& reply);

/// A page for people with a status that is no success: not the service's own words, whatever the status says.
bool is_page(const HttpReply& reply);
/// Errors: call_refused (400, 413, 422), rate_limited (429), else service_error.
Error page_instead(const HttpReply& reply);

/// What became of the reading of `reply`, with an error that can be shown: it names the host.
Error about(const HttpReply& reply, Error error);
template <class T>
Result<T> as_read(const HttpReply& reply, Result<T> read) {
    if (read.has_error()) return about(reply, read.error());
    return read;
}

}  // namespace samsynk::service
