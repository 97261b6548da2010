#include "sandbox/tls/certificates.hpp"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <cstdio>
#include <memory>
#include <stdexcept>

namespace samsynk::sandbox {
namespace {

namespace fs = std::filesystem;

template <auto Free>
struct Freeing {
    template <class T>
    void operator()(T* thing) const {
        Free(thing);
    }
};
using Key = std::unique_ptr<EVP_PKEY, Freeing<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freeing<X509_free>>;
using File = std::unique_ptr<FILE, Freeing<std::fclose>>;

void must(bool done, const char* what) {
    if (!done) throw std::runtime_error{std::string{"The test certificates could not be made: "} + what};
}

void extend(X509* certificate, X509* issuer, int id, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const std::unique_ptr<X509_EXTENSION, Freeing<X509_EXTENSION_free>> extension{
        X509V3_EXT_conf_nid(nullptr, &context, id, value)};
    must(extension && X509_add_ext(certificate, extension.get(), -1) == 1, value);
}

Certificate begin(EVP_PKEY* key, const char* name, int days) {
    Certificate certificate{X509_new()};
    must(certificate && X509_set_version(certificate.get(), 2) == 1, "certificate");
    std::uint64_t serial = 0;
    must(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) == 1, "serial");
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate.get()), serial >> 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 86400L * days);
    X509_set_pubkey(certificate.get(), key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
    return certificate;
}

void write_key(const fs::path& path, EVP_PKEY* key) {
    const auto mask = ::umask(0077);
    const File file{std::fopen(path.c_str(), "w")};
    ::umask(mask);
    must(file && PEM_write_PrivateKey(file.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1, path.c_str());
}

void write_certificate(const fs::path& path, X509* certificate) {
    const File file{std::fopen(path.c_str(), "w")};
    must(file && PEM_write_X509(file.get(), certificate) == 1, path.c_str());
}

}  // namespace

void make_certificates(const fs::path& folder) {
    if (fs::exists(folder / "server.pem") && fs::exists(folder / "ca.pem")) return;
    const Key ca_key{EVP_EC_gen("P-256")}, server_key{EVP_EC_gen("P-256")};
    must(ca_key && server_key, "keys");
    Certificate ca = begin(ca_key.get(), "Samsynk sandbox CA", 3650);
    X509_set_issuer_name(ca.get(), X509_get_subject_name(ca.get()));
    extend(ca.get(), ca.get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
    extend(ca.get(), ca.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
    extend(ca.get(), ca.get(), NID_subject_key_identifier, "hash");
    // People are asked to import it into their browsers: it is good for this machine only, whoever gets its key.
    extend(ca.get(), ca.get(), NID_name_constraints,
           "critical,permitted;DNS:localhost,permitted;IP:127.0.0.1/255.255.255.255,"
           "permitted;IP:::1/ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
    must(X509_sign(ca.get(), ca_key.get(), EVP_sha256()) > 0, "signature");

    Certificate server = begin(server_key.get(), "localhost", 365);
    X509_set_issuer_name(server.get(), X509_get_subject_name(ca.get()));
    extend(server.get(), ca.get(), NID_basic_constraints, "critical,CA:FALSE");
    extend(server.get(), ca.get(), NID_key_usage, "critical,digitalSignature");
    extend(server.get(), ca.get(), NID_ext_key_usage, "serverAuth");
    extend(server.get(), ca.get(), NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1,IP:::1");
    extend(server.get(), ca.get(), NID_authority_key_identifier, "keyid");
    must(X509_sign(server.get(), ca_key.get(), EVP_sha256()) > 0, "signature");

    write_key(folder / "ca.key", ca_key.get());
    write_key(folder / "server.key", server_key.get());
    write_certificate(folder / "ca.pem", ca.get());
    write_certificate(folder / "server.pem", server.get());
}

}  // namespace samsynk::sandbox
