// What all TLS connections have in common: whom to trust, who we are, and the sessions that can be taken up again.
#pragma once

#include <openssl/ssl.h>

#include <boost/asio/ssl/context.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "core/time.hpp"
#include "service/online_side.hpp"

namespace samsynk::service {

/// What the verification of one connection's certificates came to.
struct Verification {
    int problem = X509_V_OK;    ///< X509_V_ERR_…
    bool other_pin = false;     ///< verified, and none of its keys is pinned
    std::string pin;            ///< of the certificate itself
    Time valid_from, valid_to;  ///< of the certificate that had the problem
};

class TlsContext {
public:
    using Session = std::unique_ptr<SSL_SESSION, void (*)(SSL_SESSION*)>;

    TlsContext(boost::asio::ssl::context context, std::vector<std::string> pins);
    ~TlsContext();
    TlsContext(const TlsContext&) = delete;
    TlsContext& operator=(const TlsContext&) = delete;

    boost::asio::ssl::context& context() { return context_; }

    /// Prepares a connection to a host: its name is verified, and a session that is kept for it is taken up.
    /// Both must outlive the connection's handshake and use. `key` names the host, with its port.
    struct Link {
        TlsContext* owner = nullptr;
        std::string key;
        Verification verification;
        bool asked_in_vain = false;  ///< who we are: there is no certificate to show
    };
    /// Error tls_failed: there is nothing that could be verified.
    Result<void> prepare(SSL* ssl, const std::string& host, Link& link);

    std::size_t kept_sessions(const std::string& key) const;

private:
    static bool set_name(SSL* ssl, const std::string& host);
    static int verify(X509_STORE_CTX* store, void* self);
    static int no_certificate(SSL* ssl, X509** certificate, EVP_PKEY** key);
    static int keep_session(SSL* ssl, SSL_SESSION* session);
    bool is_pinned(STACK_OF(X509) * chain) const;
    Session take_session(const std::string& key);

    boost::asio::ssl::context context_;
    std::vector<std::string> pins_;
    std::map<std::string, std::vector<Session>> sessions_;
};

/// TLS 1.2 at least, the system's store (but for `ca_only`) and `ca_file`, an own certificate where given. Error
/// bad_settings: a file can't be used, or a key that is not the certificate's.
Result<std::shared_ptr<TlsContext>> make_tls_context(const Endpoint& endpoint);

/// When the certificate that the other side showed ends; nothing where there was none.
std::optional<Time> certificate_end(SSL* ssl);

/// `sha256/` and the Base64 of the hash of a certificate's public key (SubjectPublicKeyInfo).
std::string pin_of(X509* certificate);

}  // namespace samsynk::service
