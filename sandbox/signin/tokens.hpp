// The sandbox's own sign-in: `client_credentials`, and people with a code (RFC 8628), whose refresh tokens rotate. Who
// uses one again after its successor has been used loses the whole sign-in, as with the strict ones among providers.
#pragma once

#include <chrono>
#include <map>
#include <string>

#include "sandbox/signin/token_store.hpp"

namespace samsynk::sandbox {

struct TokenReply {
    int status = 200;
    std::string body;
};

struct SignInOptions {
    std::chrono::seconds token_lifetime{3600};
    std::chrono::seconds device_lifetime{600};
    std::chrono::seconds poll_interval{5};
    std::chrono::seconds refresh_grace{
        30};  ///< how long a token may be used again while its successor was not; 0: never
    std::chrono::seconds refresh_lifetime{0};  ///< told with each sign-in; 0: not told
};

class Tokens {
public:
    Tokens(const std::filesystem::path& file, std::string client_id, std::string client_secret, SignInOptions options)
        : store_{file}, client_id_{std::move(client_id)}, client_secret_{std::move(client_secret)}, options_{options} {}

    /// OpenID discovery for an issuer.
    static std::string discovery(const std::string& issuer);
    /// `authorization` is the header (client_secret_basic), or empty; `body` the form.
    TokenReply token(const std::string& authorization, const std::string& body);
    TokenReply device_authorization(const std::string& issuer, const std::string& body);
    TokenReply revoke(const std::string& body);
    /// Whether `Authorization: Bearer …` bears a token that is good now.
    bool accepts(const std::string& authorization);

private:
    using Form = std::map<std::string, std::string>;
    bool knows_secret(const std::string& authorization) const;
    bool knows_client(const Form& form) const;
    TokenReply by_device_code(const Form& form);
    TokenReply by_refresh_token(const Form& form);
    TokenReply give(const std::string& family, const std::string& refresh_token);

    TokenStore store_;
    std::string client_id_, client_secret_;
    SignInOptions options_;
};

}  // namespace samsynk::sandbox
