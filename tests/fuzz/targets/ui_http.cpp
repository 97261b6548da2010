// Any bytes at the page's gateway, read as it reads them: each request is answered by HTTP that can be read, and the
// daemon is asked only what someone with the token asks from the page. The first byte says in pieces of how many bytes
// the rest arrives; `@KEY@` and `@TOKEN@` stand for those that are good.
#include <boost/json.hpp>

#include "fuzz/http_peer.hpp"
#include "ui/desk.hpp"
#include "ui/http_messages.hpp"

namespace samsynk::fuzz {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;

constexpr std::uint16_t port = 4321;

struct Secrets {
    std::string key, token;
};

Secrets opened(ui::Desk& desk) {
    desk.be_at(port);
    const auto key = [&] {
        const std::string address = desk.new_address();
        return address.substr(address.find('#') + 1);
    };
    const auto answer = desk.answer({.method = "POST",
                                     .target = "/open",
                                     .host = "127.0.0.1:4321",
                                     .body = boost::json::serialize(boost::json::object{{"key", key()}})},
                                    {});
    check(answer && answer->status == 200, "a good key opens nothing");
    return {key(), std::string{boost::json::parse(answer->body).at("token").as_string()}};
}

std::string with(std::string text, std::string_view mark, const std::string& secret) {
    for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + secret.size()))
        text.replace(at, mark.size(), secret);
    return text;
}

// What is passed on was asked by someone with the token, from the page; it is one request, and what was asked.
void check_passed_on(const ui::Asked& asked, const Secrets& secrets) {
    check(asked.authorization == "Bearer " + secrets.token, "it was passed on without the token");
    check(asked.host == "127.0.0.1:4321" || asked.host == "localhost:4321", "it was passed on for another host");
    check(asked.origin.empty() || asked.origin == "http://" + asked.host, "it was passed on for another page");
    check(asked.fetch_site.empty() || asked.fetch_site == "same-origin" || asked.fetch_site == "none",
          "it was passed on for another site");
    check(asked.target.starts_with("/v1/") && !asked.odd, "it was passed on");
    std::ostringstream out;
    out << ui::to_daemon(asked);
    const std::string sent = out.str();
    const std::string own = asked.target + asked.accept + asked.content_type + asked.body;
    check(sent.find(secrets.token) == std::string::npos || own.find(secrets.token) != std::string::npos,
          "the token was passed on");
    http::request_parser<http::string_body> parser;
    beast::flat_buffer buffer;
    error_code code;
    Sender gateway{sent, sent.size()};
    http::read(gateway, buffer, parser, code);
    check(!code && buffer.size() == 0, "the daemon gets no single request");
    check(parser.get().method_string() == asked.method && parser.get().target() == asked.target &&
              parser.get().body() == asked.body,
          "the daemon is asked something else");
}

void check_answer(ui::Answer answer, const ui::Asked& asked, const Secrets& secrets) {
    const bool gives = asked.target.starts_with("/open") && answer.status == 200;
    const bool names_it = (asked.method + asked.target).find(secrets.token) != std::string::npos;  // who asks does
    check(gives || names_it || answer.body.find(secrets.token) == std::string::npos, "an answer tells the token");
    const int status = answer.status;
    auto message = ui::to_message(std::move(answer), true);
    check(message["Content-Security-Policy"].starts_with("default-src 'none'"), "an answer without protection");
    check_message(std::move(message), status, false);
}

void serve(std::string_view raw, std::size_t piece) {
    ui::Desk desk{"/nonexistent"};
    const Secrets secrets = opened(desk);
    const std::string text = with(with(std::string{raw}, "@KEY@", secrets.key), "@TOKEN@", secrets.token);
    Sender peer{text, piece};
    beast::flat_buffer buffer{http_header_limit + http_body_limit};
    for (bool keep = true; keep;) {
        HttpParser parser;
        set_limits(parser);
        error_code code;
        http::read_header(peer, buffer, parser, code);
        auto refused = code ? std::nullopt : ui::answer_to_head(parser);
        if (!code && !refused) http::read(peer, buffer, parser, code);
        if (code || refused) {
            if (code) refused = ui::answer_to_unreadable(code);
            if (refused) check_answer(std::move(*refused), {}, secrets);
            return;
        }
        keep = parser.get().keep_alive();
        const ui::Asked asked = ui::to_asked(parser.release());
        auto answer = desk.answer(asked, {});
        if (answer)
            check_answer(std::move(*answer), asked, secrets);
        else
            check_passed_on(asked, secrets);
    }
}

}  // namespace
}  // namespace samsynk::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size > 0) samsynk::fuzz::serve(samsynk::fuzz::text_of(data + 1, size - 1), data[0]);
    return 0;
}
