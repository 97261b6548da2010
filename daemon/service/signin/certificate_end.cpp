#include "service/signin/certificate_end.hpp"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <ctime>
#include <memory>

namespace samsynk::service {

std::optional<Time> certificate_end(const std::filesystem::path& file) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> bio{BIO_new_file(file.c_str(), "r"), &BIO_free};
    if (!bio) return std::nullopt;
    const std::unique_ptr<X509, decltype(&X509_free)> certificate{
        PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr), &X509_free};
    std::tm end{};
    if (!certificate || ASN1_TIME_to_tm(X509_get0_notAfter(certificate.get()), &end) != 1) return std::nullopt;
    return Time{std::chrono::seconds{::timegm(&end)}};
}

}  // namespace samsynk::service
