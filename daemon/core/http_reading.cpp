#include "core/http_reading.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>

namespace samsynk {

namespace http = boost::beast::http;

void set_limits(HttpParser& parser) {
    parser.header_limit(http_header_limit);
    parser.body_limit(http_body_limit);
}

Error not_a_request() { return fail(Errc::bad_request, N_("This is not an HTTP request that can be understood.")); }

// RFC 9112, 6.1: Beast takes a coding that it does not know for none, and those before `chunked` for nothing.
std::optional<HttpRefusal> refusal_of_coding(const http::fields& head) {
    const auto count = head.count(http::field::transfer_encoding);
    if (count == 0) return std::nullopt;
    if (count > 1) return HttpRefusal{400, not_a_request()};
    if (boost::beast::iequals(head[http::field::transfer_encoding], "chunked")) return std::nullopt;
    return HttpRefusal{501, not_a_request()};
}

std::optional<HttpRefusal> refusal_of_unreadable(const boost::system::error_code& why) {
    if (why.category() != make_error_code(http::error::bad_version).category()) return std::nullopt;
    if (why == http::error::end_of_stream || why == http::error::partial_message) return std::nullopt;
    const bool large =
        why == http::error::body_limit || why == http::error::header_limit || why == http::error::buffer_overflow;
    if (large) return HttpRefusal{413, fail(Errc::bad_request, N_("The request is too large."))};
    return HttpRefusal{400, not_a_request()};
}

}  // namespace samsynk
