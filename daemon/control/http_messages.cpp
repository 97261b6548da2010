#include "control/http_messages.hpp"

#include <boost/beast/http/error.hpp>

namespace samsynk::control {

namespace http = boost::beast::http;

void set_limits(HttpParser& parser) {
    parser.header_limit(header_limit);
    parser.body_limit(body_limit);
}

Request to_request(const HttpRequest& message, const Peer& peer) {
    Request request{.method = std::string{message.method_string()},
                    .path = std::string{message.target()},
                    .query = {},
                    .accept = std::string{message[http::field::accept]},
                    .body = message.body(),
                    .may_act = peer.access == Access::act,
                    .by = peer.name};
    if (const auto mark = request.path.find('?'); mark != std::string::npos) {
        request.query = request.path.substr(mark + 1);
        request.path.erase(mark);
    }
    return request;
}

HttpResponse to_message(Response response, unsigned version, bool keep_alive) {
    HttpResponse message{static_cast<http::status>(response.status), version};
    if (!response.content_type.empty()) message.set(http::field::content_type, response.content_type);
    if (!response.allow.empty()) message.set(http::field::allow, response.allow);
    message.set(http::field::server, "samsynkd/" SAMSYNK_VERSION);
    message.keep_alive(keep_alive);
    message.body() = std::move(response.body);
    if (response.status != 204) message.prepare_payload();
    return message;
}

HttpResponse answer_to(const HttpRequest& request, Response response) {
    HttpResponse message = to_message(std::move(response), request.version(), request.keep_alive());
    if (request.method() == http::verb::head) message.body().clear();  // a body would be taken for the next answer
    return message;
}

std::optional<Response> answer_to_unreadable(const boost::system::error_code& why) {
    if (why.category() != make_error_code(http::error::bad_version).category()) return std::nullopt;
    if (why == http::error::end_of_stream || why == http::error::partial_message) return std::nullopt;
    const bool large =
        why == http::error::body_limit || why == http::error::header_limit || why == http::error::buffer_overflow;
    const auto error = large ? fail(Errc::bad_request, N_("The request is too large."))
                             : fail(Errc::bad_request, N_("This is not an HTTP request that can be understood."));
    return problem(large ? 413 : 400, error);
}

}  // namespace samsynk::control
