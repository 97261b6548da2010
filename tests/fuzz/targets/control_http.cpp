// Any bytes on the control socket, read as the server reads them: each request is answered by HTTP that can be read.
// The first byte says in pieces of how many bytes the rest arrives.
#include <boost/asio/buffer.hpp>
#include <boost/asio/buffers_iterator.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/ostream.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <sstream>

#include "control/http_messages.hpp"
#include "fuzz/asking.hpp"

namespace samsynk::fuzz {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;

/// A peer that has said all it will ever say.
class Sender {
public:
    Sender(std::string_view text, std::size_t piece) : text_{text}, piece_{std::max<std::size_t>(piece, 1)} {}
    template <class Buffers>
    std::size_t read_some(const Buffers& buffers, error_code& code) {
        const std::size_t size = asio::buffer_copy(buffers, asio::buffer(text_.substr(0, piece_)));
        text_.remove_prefix(size);
        code = size == 0 && asio::buffer_size(buffers) > 0 ? error_code{asio::error::eof} : error_code{};
        return size;
    }
    template <class Buffers>
    std::size_t read_some(const Buffers& buffers) {
        error_code code;
        const std::size_t size = read_some(buffers, code);
        if (code) throw boost::system::system_error{code};
        return size;
    }

private:
    std::string_view text_;
    std::size_t piece_;
};

// What a client gets, read as a client reads it.
void check_message(control::HttpResponse message, int status, bool to_head) {
    std::ostringstream out;
    out << message;
    const std::string sent = out.str();
    http::response_parser<http::string_body> parser;
    parser.skip(to_head);
    error_code code;
    beast::flat_buffer buffer;
    Sender client{sent, sent.size()};
    http::read(client, buffer, parser, code);
    check(!code && parser.is_done(), "an answer that is no HTTP");
    check(parser.get().result_int() == static_cast<unsigned>(status), "an answer of another status");
    check(buffer.size() == 0, "an answer longer than it says");
}

void serve(std::string_view text, std::size_t piece) {
    AnyAgent agent;
    control::Routes routes{agent, "https://online.example", [] { return last_event; }};
    Sender peer{text, piece};
    beast::flat_buffer buffer{control::header_limit + control::body_limit};
    for (bool keep = true; keep;) {
        control::HttpParser parser;
        control::set_limits(parser);
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
        const control::HttpRequest message = parser.release();
        check(message.body().size() <= control::body_limit, "a body beyond the limit");
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
