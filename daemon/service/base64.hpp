// Base64 (RFC 4648, with padding), as pins and Basic authentication need it.
#pragma once

#include <openssl/evp.h>

#include <string>
#include <string_view>

namespace samsynk::service {

inline std::string to_base64(std::string_view bytes) {
    std::string encoded(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    const int length =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()),
                        reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
    encoded.resize(static_cast<std::size_t>(length));
    return encoded;
}

}  // namespace samsynk::service
