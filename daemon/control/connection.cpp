#include "control/connection.hpp"

#include <unistd.h>

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
    if (response.file) co_return co_await write_file(request, std::move(response));
    if (response.shared_body) co_return co_await write_shared(request, std::move(response));
    HttpResponse message = answer_to(request, std::move(response));
    co_return co_await write(std::move(message));
}

// Piece by piece, each within its time. Its name is gone before anything is sent: nothing is left over, whatever
// happens.
template <class Protocol>
awaitable<bool> Connection<Protocol>::write_file(const HttpRequest& request, Response response) {
    error_code code;
    http::response<http::file_body> message{static_cast<http::status>(response.status), request.version()};
    message.body().open(response.file->c_str(), boost::beast::file_mode::scan, code);
    ::unlink(response.file->c_str());
    if (code) {
        HttpResponse lost =
            answer_to(request, problem(500, fail(Errc::state_failed, N_("The copy could not be read."))));
        co_return co_await write(std::move(lost));
    }
    message.set(http::field::content_type, response.content_type);
    message.set(http::field::server, "samsynkd/" SAMSYNK_VERSION);
    message.keep_alive(request.keep_alive());
    message.prepare_payload();
    http::response_serializer<http::file_body> serializer{message};
    while (!code && !serializer.is_done()) {
        stream_.expires_after(patience);
        co_await http::async_write_some(stream_, serializer, asio::redirect_error(asio::use_awaitable, code));
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
