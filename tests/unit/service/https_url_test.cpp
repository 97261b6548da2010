#include "service/https_url.hpp"

#include <gtest/gtest.h>

#include "certificates.hpp"
#include "service/tls_context.hpp"

namespace samsynk::service {
namespace {

TEST(HttpsUrl, AHostIsANameOrAnAddress) {
    EXPECT_EQ(parse_https_url("https://api.example:8443/v1/")->authority(), "api.example:8443");
    EXPECT_EQ(parse_https_url("https://[::1]/")->host, "::1");
    for (const char* url : {"https://a%0d%0aX:%20y/", "https://good.example%00.evil.example/", "https://a%20b/",
                            "https://[fe80::1%25eth0]/", "https://a_b/", "https://%2e/", "https:///x", "http://a/"})
        EXPECT_EQ(parse_https_url(url).error().code, Errc::bad_settings) << url;
}

TEST(TlsName, AHostWhoseNameCantBeVerifiedIsNotTalkedTo) {
    const auto tls = make_tls_context(Endpoint{}).value();
    const std::unique_ptr<SSL, void (*)(SSL*)> ssl{SSL_new(tls->context().native_handle()), &SSL_free};
    TlsContext::Link link;
    EXPECT_TRUE(tls->prepare(ssl.get(), "api.example", link).has_value());
    EXPECT_TRUE(tls->prepare(ssl.get(), "::1", link).has_value());
    for (const char* host : {"", "fe80::1%eth0", "[::1]"})
        EXPECT_EQ(tls->prepare(ssl.get(), host, link).error().code, Errc::tls_failed) << host;
}

TEST(TlsName, TheSystemsAuthoritiesAreTrustedUnlessOneAloneIs) {
    const auto trusted = [](bool ca_only) {
        Endpoint endpoint;
        endpoint.ca_only = ca_only;
        const auto tls = make_tls_context(endpoint).value();
        return sk_X509_OBJECT_num(X509_STORE_get0_objects(SSL_CTX_get_cert_store(tls->context().native_handle())));
    };
    const char* before = std::getenv("SSL_CERT_FILE");
    const std::string kept = before ? before : "";
    ::setenv("SSL_CERT_FILE", authority().file.c_str(), 1);
    EXPECT_EQ(trusted(false), 1);
    EXPECT_EQ(trusted(true), 0);
    if (before)
        ::setenv("SSL_CERT_FILE", kept.c_str(), 1);
    else
        ::unsetenv("SSL_CERT_FILE");
}

}  // namespace
}  // namespace samsynk::service
