#include "service/network_error.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http/error.hpp>

namespace samsynk::service {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;
using Where = std::vector<std::pair<std::string, std::string>>;

Where where(const Peer& peer) { return {{"host", peer.host}, {"port", peer.port}}; }

// Told by the other side, after the handshake (TLS 1.3) or within it (TLS 1.2).
bool refuses_our_certificate(const error_code& code) {
    if (code.category() != asio::error::get_ssl_category()) return false;
    switch (ERR_GET_REASON(static_cast<unsigned long>(code.value()))) {
        case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
        case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
        case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
        case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
        case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
        case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
        case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
        case SSL_R_TLSV1_ALERT_ACCESS_DENIED:
            return true;
        default:
            return false;
    }
}

Error proxy_error(const Peer& peer, const error_code& code, const std::string& doing) {
    Where told = where(peer);
    told.emplace_back("why", code.message());
    return fail(Errc::service_unreachable, N_("The proxy {host}:{port} can't be used ({why}). It is tried again."),
                told, doing);
}

}  // namespace

bool is_tls_error(const error_code& code) {
    return code.category() == asio::error::get_ssl_category() ||
           code.category() == asio::ssl::error::get_stream_category();
}

Error stopped_error() {
    return fail(Errc::cancelled, N_("The run was stopped. What is not done is done by the next one."));
}

Error wants_certificate(const Peer& peer, const std::string& why) {
    Where told = where(peer);
    told.emplace_back("why", why);
    return fail(Errc::tls_failed,
                N_("{host}:{port} wants a certificate of ours ({why}), and none is configured. Get one from those who "
                   "run the service, and name its files in service.client_cert_file and service.client_key_file."),
                told);
}

Error too_late(const Peer& peer, const std::string& doing) {
    if (peer.proxy)
        return fail(Errc::service_unreachable, N_("The proxy {host}:{port} did not answer in time. It is tried again."),
                    where(peer), doing);
    return fail(Errc::service_unreachable,
                N_("{host}:{port} did not answer in time. It is tried again. If it lasts, check the address, the "
                   "network and any firewall between."),
                where(peer), doing);
}

Error network_error(const Peer& peer, const error_code& code, const std::string& doing) {
    if (code == boost::beast::error::timeout) return too_late(peer, doing);
    if (peer.proxy) return proxy_error(peer, code, doing);
    if (code == http::error::body_limit || code == http::error::header_limit || code == http::error::buffer_overflow)
        return fail(Errc::bad_reply,
                    N_("{host}:{port} answered with more than is allowed. Nothing of it was used. Check the address, "
                       "and any proxy between."),
                    where(peer), code.message());
    if (code == http::error::partial_message || code == http::error::end_of_stream ||
        code == asio::ssl::error::stream_truncated)
        return fail(Errc::bad_reply,
                    N_("The answer of {host}:{port} ended half-way. Nothing of it was used. It is tried again. If it "
                       "lasts, look for a proxy or a firewall that cuts connections."),
                    where(peer), code.message());
    if (code.category() == make_error_code(http::error::bad_version).category())
        return fail(Errc::bad_reply,
                    N_("{host}:{port} did not answer as a web service does. Check the address, and any proxy between."),
                    where(peer), code.message());
    Where told = where(peer);
    told.emplace_back("why", code.message());
    if (refuses_our_certificate(code) && !peer.knows_us) return wants_certificate(peer, code.message());
    if (refuses_our_certificate(code))
        return fail(Errc::tls_failed,
                    N_("{host}:{port} does not take our certificate ({why}). Check that service.client_cert_file is "
                       "the one that the service gave, and until when it is good: samsynk status shows that."),
                    told, doing);
    return fail(Errc::service_unreachable,
                N_("{host}:{port} can't be reached ({why}). It is tried again. If it lasts, check the address, the "
                   "network and any firewall between."),
                told, doing);
}

}  // namespace samsynk::service
