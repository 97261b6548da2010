// Certificates of one's own for the tests, made with OpenSSL while they run.
#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

namespace samsynk::service {

using Key = std::shared_ptr<EVP_PKEY>;
using Certificate = std::shared_ptr<X509>;

struct Identity {
    Certificate certificate;
    Key key;
};

struct Wanted {
    std::string names = "DNS:localhost,IP:127.0.0.1,IP:::1";
    long from = -86400;  ///< seconds from now
    long to = 86400;
};

inline Key new_key() { return {EVP_EC_gen("P-256"), EVP_PKEY_free}; }

inline void add_extension(X509* certificate, X509* issuer, int what, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, what, value.c_str());
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

/// Signed by `issuer`; by itself where there is none, and then it is an authority.
inline Identity issue(const std::string& name, const Wanted& wanted = {}, const Identity* issuer = nullptr) {
    static long serial = 1;
    const Key key = new_key();
    const Certificate certificate{X509_new(), X509_free};
    X509* x = certificate.get();
    X509_set_version(x, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(x), wanted.from);
    X509_gmtime_adj(X509_getm_notAfter(x), wanted.to);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    X509* parent = issuer ? issuer->certificate.get() : x;
    X509_set_issuer_name(x, X509_get_subject_name(parent));
    X509_set_pubkey(x, key.get());
    add_extension(x, parent, NID_basic_constraints, issuer ? "CA:FALSE" : "critical,CA:TRUE");
    add_extension(x, parent, NID_subject_key_identifier, "hash");
    if (issuer) add_extension(x, parent, NID_subject_alt_name, wanted.names);
    X509_sign(x, issuer ? issuer->key.get() : key.get(), EVP_sha256());
    return {certificate, key};
}

inline std::filesystem::path scratch(const std::string& name) {
    const auto folder = std::filesystem::temp_directory_path() / ("samsynk-service-test." + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    return folder / name;
}

inline std::filesystem::path to_file(const std::string& name, const Certificate& certificate) {
    const auto path = scratch(name);
    FILE* file = std::fopen(path.c_str(), "w");
    PEM_write_X509(file, certificate.get());
    std::fclose(file);
    return path;
}

inline std::filesystem::path to_file(const std::string& name, const Key& key, const char* password = nullptr) {
    static const auto mask [[maybe_unused]] = ::umask(077);  // keys are for no one else
    const auto path = scratch(name);
    FILE* file = std::fopen(path.c_str(), "w");
    PEM_write_PKCS8PrivateKey(file, key.get(), password ? EVP_aes_256_cbc() : nullptr, password,
                              password ? static_cast<int>(std::string{password}.size()) : 0, nullptr, nullptr);
    std::fclose(file);
    return path;
}

/// An authority that the clients of the tests trust, and what it signed.
struct Authority {
    Identity self = issue("Test CA");
    std::filesystem::path file = to_file("ca.pem", self.certificate);
    Identity sign(const Wanted& wanted = {}) const { return issue("localhost", wanted, &self); }
};

inline const Authority& authority() {
    static const Authority one;
    return one;
}

}  // namespace samsynk::service
