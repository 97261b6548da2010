#include "service/tls_context.hpp"

#include <dirent.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <memory>

#include "core/host_name.hpp"
#include "core/secret_file.hpp"
#include "service/base64.hpp"

namespace samsynk::service {
namespace {

constexpr std::size_t most_sessions_a_host = 4;

int link_index() {
    static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return index;
}

int owner_index() {
    static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return index;
}

Time to_time(const ASN1_TIME* given) {
    std::tm parts{};
    if (!given || ASN1_TIME_to_tm(given, &parts) != 1) return {};
    return Time{std::chrono::seconds{::timegm(&parts)}};
}

bool still_valid(SSL_SESSION* session) {
    const X509* certificate = SSL_SESSION_get0_peer(session);
    return SSL_SESSION_is_resumable(session) && certificate &&
           X509_cmp_current_time(X509_get0_notAfter(certificate)) > 0;
}

}  // namespace

std::string pin_of(X509* certificate) {
    unsigned char* der = nullptr;
    const int length = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
    if (length <= 0) return {};
    std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
    unsigned int hashed = 0;
    EVP_Digest(der, static_cast<std::size_t>(length), hash.data(), &hashed, EVP_sha256(), nullptr);
    OPENSSL_free(der);
    return "sha256/" + base64({reinterpret_cast<const char*>(hash.data()), hashed});
}

TlsContext::TlsContext(boost::asio::ssl::context context, std::vector<std::string> pins)
    : context_{std::move(context)}, pins_{std::move(pins)} {
    SSL_CTX* native = context_.native_handle();
    SSL_CTX_set_ex_data(native, owner_index(), this);
    SSL_CTX_set_cert_verify_callback(native, &TlsContext::verify, this);
    SSL_CTX_set_client_cert_cb(native, &TlsContext::no_certificate);
    // Sessions are kept by host and in here: OpenSSL's own cache knows no hosts.
    SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(native, &TlsContext::keep_session);
}

TlsContext::~TlsContext() {
    SSL_CTX_sess_set_new_cb(context_.native_handle(), nullptr);
    SSL_CTX_set_ex_data(context_.native_handle(), owner_index(), nullptr);
}

// Where nothing is set, OpenSSL verifies no name at all.
bool TlsContext::set_name(SSL* ssl, const std::string& host) {
    if (is_ip_address(host)) return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str()) == 1;
    // The common name does not count, also where there are no other names (RFC 9525).
    SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    // An address is no name (RFC 6066).
    return is_host(host) && SSL_set_tlsext_host_name(ssl, host.c_str()) == 1 && SSL_set1_host(ssl, host.c_str()) == 1;
}

Result<void> TlsContext::prepare(SSL* ssl, const std::string& host, Link& link) {
    link.owner = this;
    SSL_set_ex_data(ssl, link_index(), &link);
    if (!set_name(ssl, host))
        return fail(Errc::tls_failed,
                    N_("“{host}” is no name or address that a certificate can prove. Nothing was sent."),
                    {{"host", host}});
    if (const Session session = take_session(link.key)) SSL_set_session(ssl, session.get());
    return {};
}

// Pins are looked at within the handshake, so that no session is ever kept, and nothing sent, where they don't match.
int TlsContext::verify(X509_STORE_CTX* store, void* self) {
    auto* ssl = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
    auto* link = static_cast<Link*>(SSL_get_ex_data(ssl, link_index()));
    const int good = X509_verify_cert(store);
    if (!link) return good;
    Verification& verification = link->verification;
    if (good != 1) {
        verification.problem = X509_STORE_CTX_get_error(store);
        if (const X509* certificate = X509_STORE_CTX_get_current_cert(store)) {
            verification.valid_from = to_time(X509_get0_notBefore(certificate));
            verification.valid_to = to_time(X509_get0_notAfter(certificate));
        }
        return good;
    }
    if (static_cast<TlsContext*>(self)->is_pinned(X509_STORE_CTX_get0_chain(store))) return 1;
    verification.problem = X509_V_ERR_APPLICATION_VERIFICATION;
    verification.other_pin = true;
    verification.pin = pin_of(X509_STORE_CTX_get0_cert(store));
    X509_STORE_CTX_set_error(store, X509_V_ERR_APPLICATION_VERIFICATION);
    return 0;
}

// Called only where none is configured.
int TlsContext::no_certificate(SSL* ssl, X509**, EVP_PKEY**) {
    if (auto* link = static_cast<Link*>(SSL_get_ex_data(ssl, link_index()))) link->asked_in_vain = true;
    return 0;
}

bool TlsContext::is_pinned(STACK_OF(X509) * chain) const {
    if (pins_.empty()) return true;
    for (int i = 0; i < sk_X509_num(chain); ++i)
        if (std::find(pins_.begin(), pins_.end(), pin_of(sk_X509_value(chain, i))) != pins_.end()) return true;
    return false;
}

int TlsContext::keep_session(SSL* ssl, SSL_SESSION* session) {
    auto* self = static_cast<TlsContext*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), owner_index()));
    const auto* link = static_cast<const Link*>(SSL_get_ex_data(ssl, link_index()));
    if (!self || !link || SSL_get_verify_result(ssl) != X509_V_OK) return 0;
    auto& kept = self->sessions_[link->key];
    if (kept.size() == most_sessions_a_host) kept.erase(kept.begin());
    kept.push_back(Session{session, SSL_SESSION_free});
    return 1;  // it is ours now
}

TlsContext::Session TlsContext::take_session(const std::string& key) {
    auto& kept = sessions_[key];
    while (!kept.empty()) {
        Session newest = std::move(kept.back());
        kept.pop_back();
        if (!still_valid(newest.get())) continue;
        // A ticket of TLS 1.3 is used once, so that nobody can tell that two connections are ours. Before, a server
        // gives a new one only when the old one nears its end.
        if (SSL_SESSION_get_protocol_version(newest.get()) < TLS1_3_VERSION) {
            SSL_SESSION_up_ref(newest.get());
            kept.push_back(Session{newest.get(), SSL_SESSION_free});
        }
        return newest;
    }
    return Session{nullptr, SSL_SESSION_free};
}

std::size_t TlsContext::kept_sessions(const std::string& key) const {
    const auto kept = sessions_.find(key);
    return kept == sessions_.end() ? 0 : kept->second.size();
}

namespace {

// A folder in which OpenSSL finds an authority by its name, as Debian keeps it: then only the one that is asked for is
// read, and not all of them at each start.
bool has_names(const char* folder) {
    const std::unique_ptr<DIR, int (*)(DIR*)> opened{::opendir(folder), &::closedir};
    while (const dirent* entry = opened ? ::readdir(opened.get()) : nullptr) {
        const std::string_view name{entry->d_name};
        if (name.size() == 10 && name.ends_with(".0")) return true;
    }
    return false;
}

// Whether it is a file of its own that the environment names: the system's file holds what the system's folder holds.
bool names_another_file(const char* chosen) {
    std::error_code code;
    return chosen && !(std::filesystem::equivalent(chosen, X509_get_default_cert_file(), code) && !code);
}

// A machine without a system store may still have ca_file.
void trust_system(boost::asio::ssl::context& tls) {
    const char* folder = std::getenv(X509_get_default_cert_dir_env());
    const bool chosen_file = names_another_file(std::getenv(X509_get_default_cert_file_env()));
    if (!chosen_file && has_names(folder ? folder : X509_get_default_cert_dir())) {
        SSL_CTX_set_default_verify_dir(tls.native_handle());
        return;
    }
    boost::system::error_code ignored;
    tls.set_default_verify_paths(ignored);
}

}  // namespace

Result<std::shared_ptr<TlsContext>> make_tls_context(const Endpoint& endpoint) {
    using boost::system::error_code;
    boost::asio::ssl::context tls{boost::asio::ssl::context::tls_client};
    SSL_CTX_set_min_proto_version(tls.native_handle(), TLS1_2_VERSION);
    error_code code;
    if (!endpoint.ca_only) trust_system(tls);
    tls.set_verify_mode(boost::asio::ssl::verify_peer);
    // Without one, OpenSSL would ask at a terminal, and wait.
    bool asked_for_password = false;
    tls.set_password_callback([&asked_for_password](std::size_t, boost::asio::ssl::context::password_purpose) {
        asked_for_password = true;
        return std::string{};
    });
    const auto wrong = [](const std::filesystem::path& file, const error_code& why) {
        return fail(Errc::bad_settings, N_("{file} can't be used as a certificate or key ({why})."),
                    {{"file", file.string()}, {"why", why.message()}});
    };
    if (endpoint.ca_file) tls.load_verify_file(endpoint.ca_file->string(), code);
    if (code) return wrong(*endpoint.ca_file, code);
    if (endpoint.client_cert_file) tls.use_certificate_chain_file(endpoint.client_cert_file->string(), code);
    if (code) return wrong(*endpoint.client_cert_file, code);
    if (endpoint.client_key_file)
        if (const auto closed = check_secret_file(*endpoint.client_key_file); closed.has_error()) return closed.error();
    if (endpoint.client_key_file)
        tls.use_private_key_file(endpoint.client_key_file->string(), boost::asio::ssl::context::pem, code);
    tls.set_password_callback([](std::size_t, boost::asio::ssl::context::password_purpose) { return std::string{}; });
    if (asked_for_password)
        return fail(Errc::bad_settings,
                    N_("The key in {file} is protected by a password, which nobody can give at a start without people. "
                       "Store it without one, readable for samsynk alone."),
                    {{"file", endpoint.client_key_file->string()}});
    if (code && ERR_GET_REASON(static_cast<unsigned long>(code.value())) == X509_R_KEY_VALUES_MISMATCH)
        return fail(Errc::bad_settings, N_("{key} is not the key of the certificate in {certificate}."),
                    {{"key", endpoint.client_key_file->string()},
                     {"certificate", endpoint.client_cert_file.value_or("").string()}});
    if (code) return wrong(*endpoint.client_key_file, code);
    return std::make_shared<TlsContext>(std::move(tls), endpoint.pins);
}

std::optional<Time> certificate_end(SSL* ssl) {
    const X509* certificate = SSL_get0_peer_certificate(ssl);
    if (!certificate) return std::nullopt;
    return to_time(X509_get0_notAfter(certificate));
}

}  // namespace samsynk::service
