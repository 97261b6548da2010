// A peer that speaks HTTP with a target: what it says comes piece by piece, and what it is answered is read as a client
// does.
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/buffers_iterator.hpp>
#include <boost/asio/error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/ostream.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <sstream>

#include "fuzz/fuzz.hpp"

namespace samsynk::fuzz {

using boost::system::error_code;

/// A peer that has said all it will ever say.
class Sender {
public:
    Sender(std::string_view text, std::size_t piece) : text_{text}, piece_{std::max<std::size_t>(piece, 1)} {}
    template <class Buffers>
    std::size_t read_some(const Buffers& buffers, error_code& code) {
        const std::size_t size = boost::asio::buffer_copy(buffers, boost::asio::buffer(text_.substr(0, piece_)));
        text_.remove_prefix(size);
        code = size == 0 && boost::asio::buffer_size(buffers) > 0 ? error_code{boost::asio::error::eof} : error_code{};
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

/// What a client gets, read as a client reads it.
inline void check_message(boost::beast::http::response<boost::beast::http::string_body> message, int status,
                          bool to_head) {
    namespace http = boost::beast::http;
    std::ostringstream out;
    out << message;
    const std::string sent = out.str();
    http::response_parser<http::string_body> parser;
    parser.skip(to_head);
    error_code code;
    boost::beast::flat_buffer buffer;
    Sender client{sent, sent.size()};
    http::read(client, buffer, parser, code);
    check(!code && parser.is_done(), "an answer that is no HTTP");
    check(parser.get().result_int() == static_cast<unsigned>(status), "an answer of another status");
    check(buffer.size() == 0, "an answer longer than it says");
}

}  // namespace samsynk::fuzz
