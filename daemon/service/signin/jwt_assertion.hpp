// A client's signed word for who it is (RFC 7523), instead of a secret that is sent.
#pragma once

#include <string>
#include <vector>

#include "core/error.hpp"
#include "core/time.hpp"

namespace samsynk::service {

struct Claims {
    std::string client_id;
    std::string audience;
    std::string id;  ///< `jti`, used once
    Time now{};
};

/// How long an assertion is good.
inline constexpr std::chrono::seconds assertion_lifetime{60};

/// Signs with the private key in `pem`: ES256 with a P-256 key, RS256 or PS256 with an RSA key of at least 2048 bits,
/// PS256 where `algorithms` (those the other side takes; empty: any) has it and not RS256. `file` is for people.
/// Error sign_in_failed: the key can't be used.
Result<std::string> sign_assertion(const std::string& pem, const std::string& file, const std::string& key_id,
                                   const Claims& claims, const std::vector<std::string>& algorithms);

}  // namespace samsynk::service
