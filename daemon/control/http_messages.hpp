// How large a request may be, and the way between HTTP messages and what the routes speak of. Knows no sockets.
#pragma once

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <optional>

#include "control/access.hpp"
#include "control/exchange.hpp"

namespace samsynk::control {

inline constexpr std::size_t body_limit = 64 * 1024;
inline constexpr std::uint32_t header_limit = 8 * 1024;

using HttpParser = boost::beast::http::request_parser<boost::beast::http::string_body>;
using HttpRequest = boost::beast::http::request<boost::beast::http::string_body>;
using HttpResponse = boost::beast::http::response<boost::beast::http::string_body>;

/// Every request on the control socket is read within these limits.
void set_limits(HttpParser& parser);

Request to_request(const HttpRequest& message, const Peer& peer);

/// `version` as Beast has it: 11 for HTTP/1.1.
HttpResponse to_message(Response response, unsigned version, bool keep_alive);

/// The answer to a request, in its version, and without the body where only the head was asked for.
HttpResponse answer_to(const HttpRequest& request, Response response);

/// What to say to something that could not be read as a request; nothing where nobody is there to hear it.
std::optional<Response> answer_to_unreadable(const boost::system::error_code& why);

}  // namespace samsynk::control
