// Assertions are verified here by OpenSSL with the public half of the key, as an identity provider would.
#include "service/signin/jwt_assertion.hpp"

#include <gtest/gtest.h>
#include <openssl/bio.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <boost/json.hpp>
#include <memory>

namespace samsynk::service {
namespace {

namespace json = boost::json;
using Key = std::shared_ptr<EVP_PKEY>;

Key make(const char* kind, const char* group_or_bits) {
    EVP_PKEY* key = std::string{kind} == "EC"
                        ? EVP_PKEY_Q_keygen(nullptr, nullptr, kind, group_or_bits)
                        : EVP_PKEY_Q_keygen(nullptr, nullptr, kind, static_cast<std::size_t>(std::atoi(group_or_bits)));
    return {key, EVP_PKEY_free};
}

std::string pem_of(const Key& key) {
    const std::shared_ptr<BIO> bio{BIO_new(BIO_s_mem()), BIO_free};
    PEM_write_bio_PrivateKey(bio.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    char* text = nullptr;
    const long length = BIO_get_mem_data(bio.get(), &text);
    return {text, static_cast<std::size_t>(length)};
}

std::string decoded(std::string text) {
    for (char& c : text) c = c == '-' ? '+' : c == '_' ? '/' : c;
    std::size_t padding = 0;
    while (text.size() % 4 != 0) text += '=', ++padding;
    std::string bytes(text.size(), '\0');
    const int length =
        EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                        reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
    EXPECT_GE(length, 0);
    bytes.resize(static_cast<std::size_t>(length) - padding);
    return bytes;
}

struct Parts {
    json::object header, payload;
    std::string text, signature;
};

Parts parts_of(const std::string& assertion) {
    const auto first = assertion.find('.'), second = assertion.rfind('.');
    return {json::parse(decoded(assertion.substr(0, first))).as_object(),
            json::parse(decoded(assertion.substr(first + 1, second - first - 1))).as_object(),
            assertion.substr(0, second), decoded(assertion.substr(second + 1))};
}

// A JWT's two numbers as OpenSSL wants them.
std::string der_of(const std::string& numbers) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(numbers.data());
    ECDSA_SIG* signature = ECDSA_SIG_new();
    ECDSA_SIG_set0(signature, BN_bin2bn(bytes, 32, nullptr), BN_bin2bn(bytes + 32, 32, nullptr));
    unsigned char* der = nullptr;
    const int length = i2d_ECDSA_SIG(signature, &der);
    std::string text{reinterpret_cast<char*>(der), static_cast<std::size_t>(length)};
    OPENSSL_free(der);
    ECDSA_SIG_free(signature);
    return text;
}

bool verifies(const Key& key, const Parts& parts) {
    const std::string algorithm{parts.header.at("alg").as_string()};
    const std::string signature = algorithm == "ES256" ? der_of(parts.signature) : parts.signature;
    const std::shared_ptr<EVP_MD_CTX> digest{EVP_MD_CTX_new(), EVP_MD_CTX_free};
    EVP_PKEY_CTX* how = nullptr;
    EVP_DigestVerifyInit(digest.get(), &how, EVP_sha256(), nullptr, key.get());
    if (algorithm == "PS256") {
        EVP_PKEY_CTX_set_rsa_padding(how, RSA_PKCS1_PSS_PADDING);
        EVP_PKEY_CTX_set_rsa_pss_saltlen(how, 32);
    }
    return EVP_DigestVerify(digest.get(), reinterpret_cast<const unsigned char*>(signature.data()), signature.size(),
                            reinterpret_cast<const unsigned char*>(parts.text.data()), parts.text.size()) == 1;
}

const Claims claims{.client_id = "samsynk",
                    .audience = "https://id.example",
                    .id = "j-1",
                    .now = Time{std::chrono::seconds{1'793'000'000}}};

struct Case {
    const char* name;
    const char* kind;
    const char* size;
    std::vector<std::string> taken;
    const char* algorithm;
};

class JwtAssertion : public testing::TestWithParam<Case> {};

TEST_P(JwtAssertion, IsSignedAsTheKeyAndTheOtherSideAllow) {
    const Key key = make(GetParam().kind, GetParam().size);
    for (int i = 0; i < 20; ++i) {  // numbers that begin with zeros are rare
        const auto assertion = sign_assertion(pem_of(key), "f", "k-1", claims, GetParam().taken);
        ASSERT_TRUE(assertion.has_value());
        const Parts parts = parts_of(*assertion);
        EXPECT_EQ(parts.header.at("alg").as_string(), GetParam().algorithm);
        EXPECT_EQ(parts.header.at("kid").as_string(), "k-1");
        EXPECT_TRUE(verifies(key, parts));
        EXPECT_EQ(parts.payload.at("iss").as_string(), "samsynk");
        EXPECT_EQ(parts.payload.at("sub").as_string(), "samsynk");
        EXPECT_EQ(parts.payload.at("aud").as_string(), "https://id.example");
        EXPECT_EQ(parts.payload.at("jti").as_string(), "j-1");
        EXPECT_EQ(parts.payload.at("iat").as_int64(), 1'793'000'000);
        EXPECT_EQ(parts.payload.at("exp").as_int64(), 1'793'000'060);
    }
}

INSTANTIATE_TEST_SUITE_P(Keys, JwtAssertion,
                         testing::Values(Case{"Ec", "EC", "P-256", {}, "ES256"},
                                         Case{"Rsa", "RSA", "2048", {}, "RS256"},
                                         Case{"RsaBoth", "RSA", "2048", {"PS256", "RS256"}, "RS256"},
                                         Case{"RsaPss", "RSA", "2048", {"ES256", "PS256"}, "PS256"}),
                         [](const auto& test) { return std::string{test.param.name}; });

TEST(JwtAssertionKeys, WhatCantSignIsRefusedWithItsFile) {
    for (const std::string& pem :
         {std::string{}, std::string{"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"},
          pem_of(make("EC", "P-384")), pem_of(make("RSA", "1024"))}) {
        const auto refused = sign_assertion(pem, "/etc/samsynk/signin.key", "", claims, {});
        ASSERT_TRUE(refused.has_error());
        EXPECT_EQ(refused.error().code, Errc::sign_in_failed);
        EXPECT_NE(to_text(refused.error().message).find("/etc/samsynk/signin.key"), std::string::npos);
    }
}

TEST(JwtAssertionKeys, WithoutAKeyIdThereIsNone) {
    const auto assertion = sign_assertion(pem_of(make("EC", "P-256")), "f", "", claims, {});
    EXPECT_FALSE(parts_of(*assertion).header.contains("kid"));
}

}  // namespace
}  // namespace samsynk::service
