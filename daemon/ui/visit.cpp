#include "ui/visit.hpp"

#include <sys/socket.h>

#include <array>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include "async/task_group.hpp"

namespace samsynk::ui {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::awaitable;
using boost::system::error_code;

constexpr std::chrono::seconds idle_time{60};     // between two requests
constexpr std::chrono::seconds request_time{10};  // from the first byte of one to its last
constexpr std::chrono::seconds write_time{30};
constexpr std::chrono::seconds drain_time{2};
constexpr std::size_t drain_limit = 1024 * 1024;

}  // namespace

awaitable<void> Visit::serve() {
    const auto self = shared_from_this();
    error_code ignored;
    stream_.socket().set_option(asio::ip::tcp::no_delay{true}, ignored);
    for (bool keep = true; keep;) {
        house_.places.waits(number_, house_.now());
        auto message = co_await read();
        if (!message) break;
        keep = co_await reply(std::move(*message));
    }
    stream_.socket().shutdown(asio::socket_base::shutdown_both, ignored);
    stream_.close();
}

awaitable<std::optional<HttpRequest>> Visit::read() {
    error_code code;
    if (buffer_.size() == 0) {
        stream_.expires_after(idle_time);
        auto room = buffer_.prepare(http_header_limit);
        const std::size_t size =
            co_await stream_.async_read_some(room, asio::redirect_error(asio::use_awaitable, code));
        buffer_.commit(size);
        if (code) co_return std::nullopt;
    }
    HttpParser parser;
    set_limits(parser);
    stream_.expires_after(request_time);
    co_await http::async_read_header(stream_, buffer_, parser, asio::redirect_error(asio::use_awaitable, code));
    auto answer = code ? answer_to_unreadable(code) : answer_to_head(parser);
    if (!code && !answer) {
        co_await http::async_read(stream_, buffer_, parser, asio::redirect_error(asio::use_awaitable, code));
        if (!code) co_return parser.release();
        answer = answer_to_unreadable(code);
    }
    if (answer) {
        HttpResponse message = to_message(std::move(*answer), false);
        if (co_await write(std::move(message))) co_await drain();
    }
    co_return std::nullopt;
}

awaitable<bool> Visit::reply(HttpRequest message) {
    const bool keep_alive = message.keep_alive();
    Asked asked = to_asked(std::move(message));
    auto answer = house_.desk.answer(asked, house_.now());
    house_.places.is_answered(number_, !answer);
    if (answer) {
        HttpResponse reply = to_message(std::move(*answer), keep_alive);
        co_return co_await write(std::move(reply)) && keep_alive;
    }
    const std::string token{token_of(asked)};
    const bool kept = co_await pass_on(std::move(asked), keep_alive);
    house_.desk.leave(token, house_.now());
    co_return kept;
}

// While the daemon works, the browser is looked at: when it goes, nobody waits for the answer any more.
awaitable<bool> Visit::pass_on(Asked asked, bool keep_alive) {
    const auto daemon = std::make_shared<DaemonLine>(stream_.get_executor(), house_.socket);
    const auto over = std::make_shared<bool>(false);
    TaskGroup looking{stream_.get_executor()};
    looking.spawn(look_whether_it_goes(daemon, over), [daemon](const std::exception_ptr& thrown) {
        if (thrown) daemon->close();
    });
    HttpRequest request = to_daemon(asked);
    const auto asking = co_await daemon->ask(std::move(request));
    bool kept = false;
    if (asking.has_error()) {
        const bool refused = asking.error().code == Errc::not_permitted;
        HttpResponse reply = to_message(problem(refused ? 403 : 502, asking.error()), keep_alive);
        kept = co_await write(std::move(reply)) && keep_alive;
    } else {
        kept = co_await pass_back(*daemon, keep_alive) && keep_alive;
    }
    *over = true;
    error_code ignored;
    stream_.socket().cancel(ignored);
    co_return kept;
}

awaitable<void> Visit::look_whether_it_goes(std::shared_ptr<DaemonLine> daemon, std::shared_ptr<bool> over) {
    const auto self = shared_from_this();
    error_code code;
    co_await stream_.socket().async_wait(asio::socket_base::wait_read, asio::redirect_error(asio::use_awaitable, code));
    if (*over) co_return;
    char next = 0;  // its next request is no sign of its going
    if (!code && ::recv(stream_.socket().native_handle(), &next, 1, MSG_PEEK | MSG_DONTWAIT) > 0) co_return;
    daemon->close();
}

// Where the daemon ends in the middle, so does the connection: what came would be taken for the whole else.
awaitable<bool> Visit::pass_back(DaemonLine& daemon, bool keep_alive) {
    http::response<http::empty_body> head;
    head.version(11);
    head.result(daemon.head().result_int());  // as a number: not each of them has a name
    protect(head);
    for (const auto field : {http::field::content_type, http::field::allow})
        if (daemon.head().count(field) > 0) head.set(field, daemon.head()[field]);
    head.keep_alive(keep_alive);
    const auto length = daemon.length();
    const bool chunked = !length && head.result() != http::status::no_content;
    if (chunked) head.chunked(true);
    if (length) head.content_length(*length);
    http::response_serializer<http::empty_body> serializer{head};
    error_code code;
    stream_.expires_after(write_time);
    co_await http::async_write_header(stream_, serializer, asio::redirect_error(asio::use_awaitable, code));
    while (!code) {
        auto part = co_await daemon.part();
        if (!part) co_return false;
        const bool last = part->empty();
        if (!last || chunked) code = co_await write_part(std::move(*part), chunked);
        if (last) break;
    }
    co_return !code;
}

awaitable<error_code> Visit::write_part(std::string part, bool chunked) {
    error_code code;
    stream_.expires_after(write_time);
    if (!chunked)
        co_await asio::async_write(stream_, asio::buffer(part), asio::redirect_error(asio::use_awaitable, code));
    else if (part.empty())
        co_await asio::async_write(stream_, http::make_chunk_last(), asio::redirect_error(asio::use_awaitable, code));
    else
        co_await asio::async_write(stream_, http::make_chunk(asio::buffer(part)),
                                   asio::redirect_error(asio::use_awaitable, code));
    co_return code;
}

awaitable<bool> Visit::write(HttpResponse message) {
    error_code code;
    stream_.expires_after(write_time);
    co_await http::async_write(stream_, message, asio::redirect_error(asio::use_awaitable, code));
    co_return !code;
}

// Closing with something unread would reset the connection, and the answer with it. So the rest is read, up to a point.
awaitable<void> Visit::drain() {
    error_code code;
    stream_.socket().shutdown(asio::socket_base::shutdown_send, code);
    stream_.expires_after(drain_time);
    std::array<char, 16384> rest;
    for (std::size_t read = 0; !code && read < drain_limit;)
        read += co_await stream_.async_read_some(asio::buffer(rest), asio::redirect_error(asio::use_awaitable, code));
}

}  // namespace samsynk::ui
