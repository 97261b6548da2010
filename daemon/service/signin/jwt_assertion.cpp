#include "service/signin/jwt_assertion.hpp"

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <boost/json.hpp>
#include <memory>

#include "service/base64.hpp"

namespace samsynk::service {
namespace {

namespace json = boost::json;

template <auto Free>
struct Freed {
    template <class T>
    void operator()(T* value) const {
        Free(value);
    }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Digest = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using Bio = std::unique_ptr<BIO, Freed<BIO_free>>;
using Signature = std::unique_ptr<ECDSA_SIG, Freed<ECDSA_SIG_free>>;

// A key with a passphrase must not ask for it on a terminal.
int no_passphrase(char*, int, int, void*) { return -1; }

Key read_key(const std::string& pem) {
    const Bio bio{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
    return Key{bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr) : nullptr};
}

bool is_p256(const EVP_PKEY* key) {
    char name[64] = {};
    std::size_t length = 0;
    return EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, name, sizeof name, &length) == 1 &&
           (std::string{name} == "prime256v1" || std::string{name} == "P-256");
}

// The name by which the key signs; empty where it can't.
std::string algorithm_of(const EVP_PKEY* key, const std::vector<std::string>& taken) {
    const auto takes = [&](const char* name) { return std::find(taken.begin(), taken.end(), name) != taken.end(); };
    if (EVP_PKEY_is_a(key, "EC")) return is_p256(key) ? "ES256" : "";
    if (EVP_PKEY_get_bits(key) < 2048) return "";
    if (EVP_PKEY_is_a(key, "RSA-PSS")) return "PS256";
    if (EVP_PKEY_is_a(key, "RSA")) return takes("PS256") && !takes("RS256") ? "PS256" : "RS256";
    return "";
}

std::string sign(EVP_PKEY* key, const std::string& algorithm, const std::string& text) {
    const Digest digest{EVP_MD_CTX_new()};
    EVP_PKEY_CTX* how = nullptr;
    if (!digest || EVP_DigestSignInit(digest.get(), &how, EVP_sha256(), nullptr, key) != 1) return {};
    if (algorithm == "PS256" && (EVP_PKEY_CTX_set_rsa_padding(how, RSA_PKCS1_PSS_PADDING) != 1 ||
                                 EVP_PKEY_CTX_set_rsa_pss_saltlen(how, RSA_PSS_SALTLEN_DIGEST) != 1))
        return {};
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    std::size_t length = 0;
    if (EVP_DigestSign(digest.get(), nullptr, &length, bytes, text.size()) != 1) return {};
    std::string signature(length, '\0');
    if (EVP_DigestSign(digest.get(), reinterpret_cast<unsigned char*>(signature.data()), &length, bytes, text.size()) !=
        1)
        return {};
    signature.resize(length);
    return signature;
}

// OpenSSL gives an ECDSA signature in DER; a JWT has its two numbers side by side, 32 bytes each.
std::string two_numbers(const std::string& der) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(der.data());
    const Signature signature{d2i_ECDSA_SIG(nullptr, &bytes, static_cast<long>(der.size()))};
    std::string numbers(64, '\0');
    auto* out = reinterpret_cast<unsigned char*>(numbers.data());
    if (!signature || BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), out, 32) != 32 ||
        BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), out + 32, 32) != 32)
        return {};
    return numbers;
}

std::string payload_of(const Claims& claims) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(claims.now.time_since_epoch()).count();
    return json::serialize(json::object{{"iss", claims.client_id},
                                        {"sub", claims.client_id},
                                        {"aud", claims.audience},
                                        {"jti", claims.id},
                                        {"iat", seconds},
                                        {"exp", seconds + assertion_lifetime.count()}});
}

}  // namespace

Result<std::string> sign_assertion(const std::string& pem, const std::string& file, const std::string& key_id,
                                   const Claims& claims, const std::vector<std::string>& algorithms) {
    const Key key = read_key(pem);
    if (!key)
        return fail(Errc::sign_in_failed,
                    N_("{file} holds no private key that can be read. It must be PEM, without a passphrase."),
                    {{"file", file}});
    const std::string algorithm = algorithm_of(key.get(), algorithms);
    if (algorithm.empty())
        return fail(Errc::sign_in_failed,
                    N_("The key in {file} can't be used to sign in. Use a P-256 key, or an RSA key of at least 2048 "
                       "bits."),
                    {{"file", file}});
    json::object header{{"alg", algorithm}, {"typ", "JWT"}};
    if (!key_id.empty()) header["kid"] = key_id;
    const std::string text = base64url(json::serialize(header)) + "." + base64url(payload_of(claims));
    std::string signature = sign(key.get(), algorithm, text);
    if (algorithm == "ES256") signature = two_numbers(signature);
    if (signature.empty())
        return fail(Errc::sign_in_failed, N_("The key in {file} could not sign. Check that it is whole."),
                    {{"file", file}});
    return text + "." + base64url(signature);
}

}  // namespace samsynk::service
