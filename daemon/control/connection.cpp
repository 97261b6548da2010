#include "control/connection.hpp"

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

namespace samsynk::control {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::awaitable;
using boost::system::error_code;

constexpr std::size_t drain_limit = 4 * 1024 * 1024;
constexpr std::chrono::seconds drain_time{2};

}  // namespace

template <class Protocol>
awaitable<std::optional<HttpRequest>> Connection<Protocol>::read() {
    HttpParser parser;
    set_limits(parser);
    error_code code;
    stream_.expires_after(patience);
    co_await http::async_read(stream_, buffer_, parser, asio::redirect_error(asio::use_awaitable, code));
    stream_.expires_never();
    std::optional<Response> answer;
    if (code) {
        answer = answer_to_unreadable(code);
    } else if (const auto refusal = refusal_of_coding(parser.get().base())) {
        answer = problem(refusal->status, refusal->error);
    } else {
        co_return parser.release();
    }
    if (answer) co_await say_goodbye(std::move(*answer));
    co_return std::nullopt;
}

template <class Protocol>
awaitable<bool> Connection<Protocol>::answer(const HttpRequest& request, Response response) {
    if (response.download) co_return co_await write_download(request, std::move(response));
    if (response.shared_body) co_return co_await write_shared(request, std::move(response));
    HttpResponse message = answer_to(request, std::move(response));
    co_return co_await write(std::move(message));
}

// Piece by piece, each within its time. Where it can't be read to its end, the connection ends before the length that
// was promised, so nobody takes it for whole.
template <class Protocol>
awaitable<bool> Connection<Protocol>::write_download(const HttpRequest& request, Response response) {
    error_code code;
    http::response<http::empty_body> head{static_cast<http::status>(response.status), request.version()};
    head.set(http::field::content_type, response.content_type);
    head.set(http::field::server, "samsynkd/" SAMSYNK_VERSION);
    head.content_length(response.download->size);
    head.keep_alive(request.keep_alive());
    http::response_serializer<http::empty_body> serializer{head};
    stream_.expires_after(patience);
    co_await http::async_write_header(stream_, serializer, asio::redirect_error(asio::use_awaitable, code));
    std::uint64_t left = response.download->size;
    while (!code && left > 0) {
        const std::string part = co_await response.download->next();
        if (part.empty() || part.size() > left) co_return false;
        left -= part.size();
        stream_.expires_after(patience);
        co_await asio::async_write(stream_, asio::buffer(part), asio::redirect_error(asio::use_awaitable, code));
    }
    co_return !code;
}

template <class Protocol>
awaitable<bool> Connection<Protocol>::write_shared(const HttpRequest& request, Response response) {
    const auto body = std::move(response.shared_body);
    http::response<http::span_body<const char>> message{static_cast<http::status>(response.status), request.version()};
    message.set(http::field::content_type, response.content_type);
    message.set(http::field::server, "samsynkd/" SAMSYNK_VERSION);
    message.keep_alive(request.keep_alive());
    message.body() = boost::beast::span<const char>{body->data(), body->size()};
    message.prepare_payload();
    error_code code;
    stream_.expires_after(patience);
    co_await http::async_write(stream_, message, asio::redirect_error(asio::use_awaitable, code));
    co_return !code;
}

template <class Protocol>
awaitable<bool> Connection<Protocol>::write(HttpResponse message) {
    error_code code;
    stream_.expires_after(patience);
    co_await http::async_write(stream_, message, asio::redirect_error(asio::use_awaitable, code));
    co_return !code;
}

template <class Protocol>
awaitable<void> Connection<Protocol>::say_goodbye(Response response) {
    HttpResponse message = to_message(std::move(response), 11, false);
    if (co_await write(std::move(message))) co_await drain();
}

// Closing with something unread would reset the connection, and the answer with it. So the rest is read, up to a point.
template <class Protocol>
awaitable<void> Connection<Protocol>::drain() {
    error_code code;
    stream_.socket().shutdown(asio::socket_base::shutdown_send, code);
    stream_.expires_after(drain_time);
    std::array<char, 16384> rest;
    for (std::size_t read = 0; !code && read < drain_limit;)
        read += co_await stream_.async_read_some(asio::buffer(rest), asio::redirect_error(asio::use_awaitable, code));
}

template <class Protocol>
awaitable<bool> Connection<Protocol>::begin_lines(std::string content_type) {
    http::response<http::empty_body> head{http::status::ok, 11};
    head.set(http::field::content_type, content_type);
    head.chunked(true);
    head.keep_alive(false);
    http::response_serializer<http::empty_body> serializer{head};
    error_code code;
    stream_.expires_after(patience);
    co_await http::async_write_header(stream_, serializer, asio::redirect_error(asio::use_awaitable, code));
    co_return !code;
}

template <class Protocol>
awaitable<bool> Connection<Protocol>::write_lines(std::string text) {
    error_code code;
    stream_.expires_after(patience);
    co_await asio::async_write(stream_, http::make_chunk(asio::buffer(text)),
                               asio::redirect_error(asio::use_awaitable, code));
    co_return !code;
}

template <class Protocol>
awaitable<void> Connection<Protocol>::end_lines() {
    error_code ignored;
    stream_.expires_after(patience);
    co_await asio::async_write(stream_, http::make_chunk_last(), asio::redirect_error(asio::use_awaitable, ignored));
}

template <class Protocol>
void Connection<Protocol>::shut_down() {
    error_code ignored;
    stream_.socket().shutdown(asio::socket_base::shutdown_both, ignored);
}

template class Connection<asio::local::stream_protocol>;
template class Connection<asio::ip::tcp>;

}  // namespace samsynk::control
