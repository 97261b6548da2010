#include "service/proxy_tunnel.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include "service/base64.hpp"
#include "service/https_client.hpp"
#include "service/network_error.hpp"

namespace samsynk::service {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

Error refusal(const ProxyAddress& proxy, const HttpsUrl& host, unsigned status) {
    const std::vector<std::pair<std::string, std::string>> told{
        {"host", proxy.host}, {"port", proxy.port}, {"target", host.authority()}, {"status", std::to_string(status)}};
    if (status == 407 || status == 401)  // tinyproxy says 401 to a wrong password
        return fail(
            Errc::service_unreachable,
            proxy.user.empty()
                ? N_("The proxy {host}:{port} wants a user and a password ({status}). Write them in service.proxy "
                     "and service.proxy_password_file.")
                : N_("The proxy {host}:{port} does not take the user or the password ({status}). Check "
                     "service.proxy and service.proxy_password_file."),
            told);
    if (status == 403 || status == 405)
        return fail(Errc::service_unreachable,
                    N_("The proxy {host}:{port} does not let us through to {target} ({status}). Ask those who run it "
                       "to allow it."),
                    told);
    if (status >= 500)
        return fail(Errc::service_unreachable,
                    N_("The proxy {host}:{port} can't reach {target} ({status}). It is tried again."), told);
    return fail(Errc::service_unreachable,
                N_("The proxy {host}:{port} answered {status} when asked for {target}. Check service.proxy."), told);
}

}  // namespace

agent::Async<> open_tunnel(boost::beast::tcp_stream& stream, ProxyAddress proxy, HttpsUrl host,
                           std::chrono::milliseconds deadline, CancellationSource& cancellation) {
    const Peer peer{proxy.host, proxy.port, true};
    http::request<http::empty_body> message{http::verb::connect, host.authority(), 11};
    message.set(http::field::host, host.authority());
    message.set(http::field::user_agent, "samsynk/" SAMSYNK_VERSION);
    if (!proxy.user.empty())
        message.set(http::field::proxy_authorization, "Basic " + base64(proxy.user + ":" + proxy.password));
    const CancellationRegistration stoppable{cancellation, [&stream] { stream.cancel(); }};
    error_code code;
    stream.expires_after(deadline);
    co_await http::async_write(stream, message, asio::redirect_error(asio::use_awaitable, code));
    if (cancellation.cancelled()) co_return stopped_error();
    if (code) co_return network_error(peer, code, "write");
    boost::beast::flat_buffer buffer{reply_header_limit};
    http::response_parser<http::empty_body> parser;
    parser.header_limit(reply_header_limit);
    parser.skip(true);  // nothing comes after the head but what is inside the tunnel
    co_await http::async_read_header(stream, buffer, parser, asio::redirect_error(asio::use_awaitable, code));
    if (cancellation.cancelled()) co_return stopped_error();
    if (code) co_return network_error(peer, code, "read");
    const unsigned status = parser.get().result_int();
    if (status / 100 != 2) co_return refusal(proxy, host, status);
    if (buffer.size() > 0)
        co_return fail(Errc::service_unreachable,
                       N_("The proxy {host}:{port} sent something of its own into the tunnel. Nothing was sent."),
                       {{"host", proxy.host}, {"port", proxy.port}});
    co_return Result<void>{};
}

}  // namespace samsynk::service
