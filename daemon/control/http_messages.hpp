// The way between HTTP messages and what the routes speak of. Knows no sockets.
#pragma once

#include <optional>

#include "control/access.hpp"
#include "control/exchange.hpp"
#include "core/http_reading.hpp"

namespace samsynk::control {

Request to_request(const HttpRequest& message, const Peer& peer);

/// `version` as Beast has it: 11 for HTTP/1.1.
HttpResponse to_message(Response response, unsigned version, bool keep_alive);

/// The answer to a request, in its version, and without the body where only the head was asked for.
HttpResponse answer_to(const HttpRequest& request, Response response);

/// What to say to something that could not be read as a request; nothing where nobody is there to hear it.
std::optional<Response> answer_to_unreadable(const boost::system::error_code& why);

}  // namespace samsynk::control
