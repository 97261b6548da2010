#include "service/https_client.hpp"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "service/http_exchange.hpp"
#include "service/proxy_tunnel.hpp"
#include "service/retry_after.hpp"
#include "service/tcp_connect.hpp"

namespace samsynk::service {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

Error led_elsewhere(const HttpsUrl& host, const HttpReply& reply) {
    return fail(Errc::service_error,
                N_("{host}:{port} answered {status}: it wants to lead to {where}. That is not followed. Correct the "
                   "address, or look for a sign-in page between."),
                {{"host", host.host},
                 {"port", host.port},
                 {"status", std::to_string(reply.status)},
                 {"where", reply.location.empty() ? "?" : shown_location(reply.location)}});
}

}  // namespace

struct HttpsClient::Connection {
    Connection(asio::ip::tcp::socket socket, std::shared_ptr<TlsContext> context)
        : tls{std::move(context)}, stream{boost::beast::tcp_stream{std::move(socket)}, tls->context()} {}
    // Else OpenSSL takes the end for an attack, and the session for no good.
    ~Connection() { SSL_set_shutdown(stream.native_handle(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN); }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    std::shared_ptr<TlsContext> tls;
    TlsContext::Link link;
    TlsStream stream;
    boost::beast::flat_buffer buffer{reply_header_limit + 65536};
    Clock::time_point rests_since = Clock::now();
};

HttpsClient::HttpsClient(asio::any_io_executor executor, std::shared_ptr<Transport> transport, HttpsUrl host,
                         Deadlines deadlines)
    : executor_{executor}, transport_{std::move(transport)}, host_{std::move(host)}, deadlines_{deadlines} {}

HttpsClient::~HttpsClient() = default;

agent::Async<> HttpsClient::wait_for_turn(std::string endpoint) {
    const auto wait = transport_->courtesy->take_turn(endpoint, Clock::now());
    if (wait.count() > 0) {
        asio::steady_timer timer{executor_, wait};
        const CancellationRegistration stoppable{cancellation_, [&timer] { timer.cancel(); }};
        boost::system::error_code ended;
        co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ended));
    }
    if (cancellation_.cancelled()) co_return stopped_error();
    co_return Result<void>{};
}

agent::Async<> HttpsClient::connect() {
    const ProxyAddress* proxy = transport_->proxy.before(host_);
    const Peer peer = proxy ? Peer{proxy->host, proxy->port, true} : Peer{host_.host, host_.port};
    auto found = co_await look_up(executor_, peer, deadlines_.connect, cancellation_);
    if (found.has_error()) co_return found.error();
    auto socket = co_await connect_to_first(executor_, peer, std::move(*found), deadlines_.connect, cancellation_);
    if (socket.has_error()) co_return socket.error();
    connection_ = std::make_unique<Connection>(std::move(*socket), transport_->tls);
    auto& stream = connection_->stream;
    if (proxy) {
        auto& raw = boost::beast::get_lowest_layer(stream);
        if (auto open = co_await open_tunnel(raw, *proxy, host_, deadlines_.connect, cancellation_); open.has_error())
            co_return open.error();
    }
    connection_->link.key = host_.authority();
    if (auto named = transport_->tls->prepare(stream.native_handle(), host_.host, connection_->link); named.has_error())
        co_return named.error();
    co_return co_await shake_hands(stream, host_, connection_->link, deadlines_.connect, cancellation_);
}

void HttpsClient::remember_wait(const HttpReply& reply) {
    const Time now = wall_clock();
    const bool asks = reply.status == 429 || reply.status == 503;
    transport_->courtesy->ask_to_wait(transport_->service, asks ? asked_wait_of(reply, now) : std::chrono::seconds{0},
                                      Clock::now());
}

agent::Async<HttpReply> HttpsClient::send(HttpRequest request) {
    auto reply = co_await send_until_clear(std::move(request));
    transport_->courtesy->count(reply.has_error() ? Result<int>{reply.error()} : Result<int>{reply->status});
    co_return reply;
}

agent::Async<HttpReply> HttpsClient::send_until_clear(HttpRequest request) {
    const std::string endpoint = host_.authority() + " " + endpoint_name(request.method, request.target);
    for (int attempt = 0;; ++attempt) {
        if (cancellation_.cancelled()) co_return stopped_error();
        if (auto turn = co_await wait_for_turn(endpoint); turn.has_error()) co_return turn.error();
        if (connection_ && Clock::now() - connection_->rests_since > deadlines_.rest) connection_.reset();
        const bool fresh = !connection_;
        if (fresh)
            if (auto connected = co_await connect(); connected.has_error()) {
                connection_.reset();
                co_return connected.error();
            }
        ++requests_;
        auto done =
            co_await exchange(connection_->stream, connection_->buffer, request, host_, deadlines_, cancellation_);
        connection_->rests_since = Clock::now();
        const bool asked_in_vain = connection_->link.asked_in_vain;
        if (!done.keep) connection_.reset();
        // A connection that was kept may have been closed meanwhile. Sending again is safe: writes bear an id.
        if (done.reply.has_error() && done.nothing_came && !fresh && attempt == 0) continue;
        // The alert that says so is lost where the other side closes before it has read what we sent.
        if (done.reply.has_error() && done.nothing_came && asked_in_vain)
            co_return wants_certificate({host_.host, host_.port}, "connection closed");
        if (done.reply.has_error()) co_return done.reply.error();
        remember_wait(*done.reply);
        // As a web server before the service says it that shook hands all the same.
        if (asked_in_vain && done.reply->status / 100 == 4 && done.reply->content_type == "text/html")
            co_return wants_certificate({host_.host, host_.port}, std::to_string(done.reply->status));
        if (done.reply->status / 100 == 3) co_return led_elsewhere(host_, *done.reply);
        co_return std::move(*done.reply);
    }
}

}  // namespace samsynk::service
