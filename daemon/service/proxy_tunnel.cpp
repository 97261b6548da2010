#include "service/proxy_tunnel.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include "core/text.hpp"
#include "service/base64.hpp"
#include "service/https_client.hpp"
#include "service/network_error.hpp"

namespace samsynk::service {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

using Head = http::response<http::empty_body>;

// The ways of signing in that it names, as `Negotiate, NTLM`.
std::string schemes_in(const Head& head) {
    std::string all;
    for (const auto field : {http::field::proxy_authenticate, http::field::www_authenticate}) {
        const auto [begin, end] = head.equal_range(field);
        for (auto at = begin; at != end; ++at) {
            const std::string scheme = shortened(std::string{at->value().substr(0, at->value().find(' '))}, 20);
            all += (all.empty() ? "" : ", ") + scheme;
        }
    }
    return all;
}

Error wants_sign_in(const ProxyAddress& proxy, const Head& head,
                    std::vector<std::pair<std::string, std::string>> told) {
    const std::string schemes = schemes_in(head);
    if (!schemes.empty() && lower_case(schemes).find("basic") == std::string::npos) {
        told.emplace_back("schemes", schemes);
        return fail(
            Errc::service_unreachable,
            N_("The proxy {host}:{port} lets in by {schemes} only ({status}), and Samsynk speaks Basic. Ask those "
               "who run it to allow Basic, or to let this machine through without."),
            std::move(told));
    }
    return fail(Errc::service_unreachable,
                proxy.user.empty()
                    ? N_("The proxy {host}:{port} wants a user and a password ({status}). Write them in service.proxy "
                         "and service.proxy_password_file.")
                    : N_("The proxy {host}:{port} does not take the user or the password ({status}). Check "
                         "service.proxy and service.proxy_password_file."),
                std::move(told));
}

Error refusal(const ProxyAddress& proxy, const HttpsUrl& host, const Head& head) {
    const unsigned status = head.result_int();
    const std::vector<std::pair<std::string, std::string>> told{
        {"host", proxy.host}, {"port", proxy.port}, {"target", host.authority()}, {"status", std::to_string(status)}};
    if (status == 407 || status == 401) return wants_sign_in(proxy, head, told);  // tinyproxy: 401, a wrong password
    if (status == 403 || status == 405)
        return fail(Errc::service_unreachable,
                    N_("The proxy {host}:{port} does not let us through to {target} ({status}). Ask those who run it "
                       "to allow it."),
                    told);
    if (status == 429)
        return fail(Errc::service_unreachable,
                    N_("The proxy {host}:{port} is asked too often ({status}). It is tried again."), told);
    if (status == 511)
        return fail(
            Errc::service_unreachable,
            N_("The network wants someone to sign in on a page of its own ({status}, from {host}:{port}), as in a "
               "hotel. Open a page in a browser there."),
            told);
    if (status >= 500)
        return fail(Errc::service_unreachable,
                    N_("The proxy {host}:{port} can't reach {target} ({status}). It is tried again."), told);
    return fail(Errc::service_unreachable,
                N_("The proxy {host}:{port} answered {status} when asked for {target}. Check service.proxy."), told);
}

// It took the connection, and then did not speak as a proxy does.
Error no_proxy_there(const Peer& peer, const error_code& code) {
    const bool stranger = code == http::error::end_of_stream || code == http::error::partial_message ||
                          code == http::error::bad_version || code == http::error::bad_status ||
                          code == asio::error::connection_reset || code == asio::error::eof ||
                          code == http::error::bad_line_ending || code == http::error::bad_reason;
    if (!stranger) return network_error(peer, code, "read");
    return fail(
        Errc::service_unreachable,
        N_("What listens at {host}:{port} does not answer as a proxy does. Check service.proxy: it must be the port "
           "of a HTTP proxy, without TLS, and not of SOCKS or another program. It is tried again."),
        {{"host", peer.host}, {"port", peer.port}}, code.message());
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
    if (code) co_return no_proxy_there(peer, code);
    if (parser.get().result_int() / 100 != 2) co_return refusal(proxy, host, parser.get());
    if (buffer.size() > 0)
        co_return fail(Errc::service_unreachable,
                       N_("The proxy {host}:{port} sent something of its own into the tunnel. Nothing was sent."),
                       {{"host", proxy.host}, {"port", proxy.port}});
    co_return Result<void>{};
}

}  // namespace samsynk::service
