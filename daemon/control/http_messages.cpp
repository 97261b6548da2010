#include "control/http_messages.hpp"

namespace samsynk::control {

namespace http = boost::beast::http;

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
    const auto refusal = refusal_of_unreadable(why);
    return refusal ? std::optional{problem(refusal->status, refusal->error)} : std::nullopt;
}

}  // namespace samsynk::control
