// Any bytes on the control socket, read as the server reads them: each request is answered by HTTP that can be read.
// The first byte says in pieces of how many bytes the rest arrives.
#include "control/http_messages.hpp"
#include "fuzz/asking.hpp"
#include "fuzz/http_peer.hpp"

namespace samsynk::fuzz {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;

void serve(std::string_view text, std::size_t piece) {
    AnyAgent agent;
    control::Routes routes{agent, "https://online.example", [] { return control::NewestEvent{"life", last_event}; }};
    Sender peer{text, piece};
    beast::flat_buffer buffer{http_header_limit + http_body_limit};
    for (bool keep = true; keep;) {
        HttpParser parser;
        set_limits(parser);
        error_code code;
        http::read(peer, buffer, parser, code);
        if (code) {
            auto refused = control::answer_to_unreadable(code);
            if (!refused) return;
            check(refused->status == 400 || refused->status == 413, "a strange refusal");
            check_answer(*refused);
            const int status = refused->status;
            return check_message(control::to_message(std::move(*refused), 11, false), status, false);
        }
        const HttpRequest message = parser.release();
        check(message.body().size() <= http_body_limit, "a body beyond the limit");
        keep = message.keep_alive();
        auto response = ask(routes, control::to_request(message, {control::Access::act, "root"}));
        check_answer(response);
        if (response.stream) return;
        const int status = response.status;
        check_message(control::answer_to(message, std::move(response)), status, message.method() == http::verb::head);
    }
}

}  // namespace
}  // namespace samsynk::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size > 0) samsynk::fuzz::serve(samsynk::fuzz::text_of(data + 1, size - 1), data[0]);
    return 0;
}
