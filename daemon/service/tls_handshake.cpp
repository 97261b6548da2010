#include "service/tls_handshake.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "service/network_error.hpp"

namespace samsynk::service {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

Error unproven(const HttpsUrl& host, const Verification& found) {
    std::vector<std::pair<std::string, std::string>> told{{"host", host.host},
                                                          {"port", host.port},
                                                          {"from", to_rfc3339(found.valid_from)},
                                                          {"to", to_rfc3339(found.valid_to)},
                                                          {"clock", to_rfc3339(wall_clock())},
                                                          {"pin", found.pin}};
    if (found.other_pin)
        return fail(Errc::tls_failed,
                    N_("{host}:{port} has a good certificate, but none of its keys is in service.pins. Nothing was "
                       "sent. If the service has a new key, which its owner can confirm, add {pin}."),
                    told);
    if (found.problem == X509_V_ERR_CERT_NOT_YET_VALID)
        return fail(Errc::tls_failed,
                    N_("The certificate of {host}:{port} is not yet valid: it begins at {from}, and the clock here "
                       "shows {clock}. Nothing was sent. Set the clock; if it is right, the certificate is wrong."),
                    told);
    if (found.problem == X509_V_ERR_CERT_HAS_EXPIRED)
        return fail(Errc::tls_failed,
                    N_("The certificate of {host}:{port} has expired: it ended at {to}, and the clock here shows "
                       "{clock}. Nothing was sent. If the clock is right, the service needs a new certificate."),
                    told);
    told.emplace_back("why", X509_verify_cert_error_string(found.problem));
    return fail(Errc::tls_failed,
                N_("{host}:{port} could not prove who it is ({why}). Nothing was sent. Check the clock, the "
                   "address and ca_file."),
                told);
}

}  // namespace

agent::Async<> shake_hands(TlsStream& stream, HttpsUrl host, const TlsContext::Link& link,
                           std::chrono::milliseconds deadline, CancellationSource& cancellation) {
    auto& socket = boost::beast::get_lowest_layer(stream);
    const CancellationRegistration stoppable{cancellation, [&socket] { socket.cancel(); }};
    const Peer peer{host.host, host.port, false, SSL_get_certificate(stream.native_handle()) != nullptr};
    socket.expires_after(deadline);
    error_code code;
    co_await stream.async_handshake(asio::ssl::stream_base::client, asio::redirect_error(asio::use_awaitable, code));
    if (cancellation.cancelled()) co_return stopped_error();
    if (!code) co_return Result<void>{};
    if (link.verification.problem != X509_V_OK) co_return unproven(host, link.verification);
    if (code == asio::ssl::error::stream_truncated) co_return network_error(peer, asio::error::connection_reset, "TLS");
    if (is_tls_error(code) && link.asked_in_vain) co_return wants_certificate(peer, code.message());
    const Error told = network_error(peer, code, "TLS");
    if (!is_tls_error(code) || told.code == Errc::tls_failed) co_return told;
    co_return fail(Errc::tls_failed,
                   N_("{host}:{port} and we found no safe way to talk ({why}). Nothing was sent. It must speak TLS 1.2 "
                      "or later; check the address, and any proxy between."),
                   {{"host", host.host}, {"port", host.port}, {"why", code.message()}});
}

}  // namespace samsynk::service
