#include "service/way_probe.hpp"

#include "core/ids.hpp"
#include "service/http_exchange.hpp"
#include "service/proxy_tunnel.hpp"
#include "service/retry_after.hpp"
#include "service/tcp_connect.hpp"

namespace samsynk::service {
namespace {}  // namespace

boost::asio::awaitable<WaySeen> try_way(boost::asio::any_io_executor executor, std::shared_ptr<Transport> transport,
                                        HttpsUrl host, std::string target, Deadlines deadlines) {
    WaySeen seen;
    CancellationSource cancellation;
    const ProxyAddress* proxy = transport->proxy.before(host);
    const Peer peer = proxy ? Peer{proxy->host, proxy->port, true} : Peer{host.host, host.port};
    if (proxy) seen.by_way_of = proxy->host + ":" + proxy->port;
    const auto failed = [&](const Error& error) {
        seen.trouble = error;
        return seen;
    };
    auto found = co_await look_up(executor, peer, deadlines.connect, cancellation);
    if (found.has_error()) co_return failed(found.error());
    seen.found = true;
    auto socket = co_await connect_to_first(executor, peer, std::move(*found), deadlines.connect, cancellation);
    if (socket.has_error()) co_return failed(socket.error());
    boost::system::error_code ignored;
    seen.address = socket->remote_endpoint(ignored).address().to_string();
    TlsContext::Link link;
    link.key = host.authority();
    TlsStream stream{boost::beast::tcp_stream{std::move(*socket)}, transport->tls->context()};
    if (proxy) {
        auto& raw = boost::beast::get_lowest_layer(stream);
        if (auto open = co_await open_tunnel(raw, *proxy, host, deadlines.connect, cancellation); open.has_error())
            co_return failed(open.error());
    }
    seen.connected = true;
    if (auto named = transport->tls->prepare(stream.native_handle(), host.host, link); named.has_error())
        co_return failed(named.error());
    if (auto shaken = co_await shake_hands(stream, host, link, deadlines.connect, cancellation); shaken.has_error())
        co_return failed(shaken.error());
    seen.trusted = true;
    seen.valid_to = certificate_end(stream.native_handle());
    boost::beast::flat_buffer buffer{reply_header_limit + 65536};
    HttpRequest request{.method = "GET", .target = std::move(target)};
    request.headers = {{"User-Agent", "samsynk/" SAMSYNK_VERSION},
                       {"Accept", "application/json"},
                       {"traceparent", "00-" + random_hex(16) + "-" + random_hex(8) + "-00"}};
    auto answered = co_await exchange(stream, buffer, std::move(request), host, deadlines, cancellation);
    SSL_set_shutdown(stream.native_handle(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    if (answered.reply.has_error()) co_return failed(answered.reply.error());
    seen.clock_ahead = ahead_of(*answered.reply, wall_clock());
    seen.reply = std::move(*answered.reply);
    co_return seen;
}

}  // namespace samsynk::service
