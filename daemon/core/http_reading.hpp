// How large a request to one of our own servers may be, and what is said to one that can't be read.
#pragma once

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <optional>

#include "core/error.hpp"

namespace samsynk {

inline constexpr std::size_t http_body_limit = 64 * 1024;
inline constexpr std::uint32_t http_header_limit = 8 * 1024;

using HttpParser = boost::beast::http::request_parser<boost::beast::http::string_body>;
using HttpRequest = boost::beast::http::request<boost::beast::http::string_body>;
using HttpResponse = boost::beast::http::response<boost::beast::http::string_body>;

void set_limits(HttpParser& parser);

struct HttpRefusal {
    int status;
    Error error;
};

/// What to say to a request whose body can't be told from the next request: it names another coding than `chunked`.
std::optional<HttpRefusal> refusal_of_coding(const boost::beast::http::fields& head);

Error not_a_request();
/// What to say to something that could not be read as a request; nothing where nobody is there to hear it.
std::optional<HttpRefusal> refusal_of_unreadable(const boost::system::error_code& why);

}  // namespace samsynk
