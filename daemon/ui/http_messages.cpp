#include "ui/http_messages.hpp"

namespace samsynk::ui {

namespace http = boost::beast::http;

std::optional<Answer> answer_to_head(const HttpParser& parser) {
    if (const auto refusal = refusal_of_coding(parser.get().base())) return problem(refusal->status, refusal->error);
    if (parser.chunked()) return problem(411, not_a_request());
    return std::nullopt;
}

Asked to_asked(HttpRequest message) {
    Asked asked{.method = std::string{message.method_string()}, .target = std::string{message.target()}};
    asked.odd = message.version() < 11;
    const auto text = [&](std::string_view name) {
        asked.odd = asked.odd || message.count(name) > 1;
        return std::string{message[name]};
    };
    asked.host = text("Host");
    asked.origin = text("Origin");
    asked.fetch_site = text("Sec-Fetch-Site");
    asked.fetch_mode = text("Sec-Fetch-Mode");
    asked.authorization = text("Authorization");
    asked.content_type = text("Content-Type");
    asked.accept = message[http::field::accept];
    asked.body = std::move(message.body());
    return asked;
}

void protect(http::fields& fields) {
    fields.set("Content-Security-Policy",
               "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
               "base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    fields.set("X-Content-Type-Options", "nosniff");
    fields.set("Referrer-Policy", "no-referrer");
    fields.set("Cross-Origin-Opener-Policy", "same-origin");
    fields.set("Cross-Origin-Resource-Policy", "same-origin");
    fields.set(http::field::cache_control, "no-store");
}

HttpResponse to_message(Answer answer, bool keep_alive) {
    HttpResponse message{static_cast<http::status>(answer.status), 11};
    protect(message);
    message.set(http::field::content_type, answer.content_type);
    if (!answer.allow.empty()) message.set(http::field::allow, answer.allow);
    if (answer.status == 401) message.set(http::field::www_authenticate, "Bearer");
    message.keep_alive(keep_alive);
    message.body() = answer.file.empty() ? std::move(answer.body) : std::string{answer.file};
    message.prepare_payload();
    return message;
}

std::optional<Answer> answer_to_unreadable(const boost::system::error_code& why) {
    const auto refusal = refusal_of_unreadable(why);
    return refusal ? std::optional{problem(refusal->status, refusal->error)} : std::nullopt;
}

HttpRequest to_daemon(const Asked& asked) {
    HttpRequest message{http::string_to_verb(asked.method), asked.target, 11};
    message.set(http::field::host, "localhost");
    message.set(http::field::user_agent, "samsynk-ui/" SAMSYNK_VERSION);
    if (!asked.accept.empty()) message.set(http::field::accept, asked.accept);
    if (!asked.content_type.empty()) message.set(http::field::content_type, asked.content_type);
    message.keep_alive(false);
    message.body() = asked.body;
    if (!asked.body.empty() || asked.method != "GET") message.prepare_payload();
    return message;
}

}  // namespace samsynk::ui
