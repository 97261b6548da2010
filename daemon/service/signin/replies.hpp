// What an identity provider answers, read strictly: pure functions over text.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"

namespace samsynk::service {

/// Addresses are empty where the provider does not offer that.
struct Discovery {
    std::string issuer;
    std::string token_endpoint;
    std::string device_authorization_endpoint;
    std::string revocation_endpoint;
    std::vector<std::string> signing_algorithms;  ///< for private_key_jwt; empty where it does not say
    bool secret_in_form = false;                  ///< client_secret_post, and no client_secret_basic
};
/// Error bad_reply.
Result<Discovery> parse_discovery(std::string_view text);

struct TokenReply {
    std::string access_token;
    std::chrono::seconds lifetime{300};
    std::string refresh_token;                             ///< empty where none was given
    std::optional<std::chrono::seconds> refresh_lifetime;  ///< nothing where it is not told, or has no end
};
/// Error bad_reply.
Result<TokenReply> parse_token(std::string_view text);

/// RFC 8628, 3.2. The texts are safe to show on a terminal.
struct DeviceReply {
    std::string device_code;
    std::string user_code;
    std::string verification_uri;
    std::string verification_uri_complete;  ///< empty where it is not offered
    std::chrono::seconds lifetime{600};
    std::chrono::seconds interval{5};
};
/// Error bad_reply.
Result<DeviceReply> parse_device(std::string_view text);

/// The `error` of a refusal (RFC 6749, 5.2); empty where there is none that is a plain word. Its description is not
/// read: it may repeat what was sent.
std::string parse_oauth_error(std::string_view text);

}  // namespace samsynk::service
