// The sandbox's own sign-in: a token endpoint for `client_credentials`, and the tokens it gave.
#pragma once

#include <chrono>
#include <map>
#include <string>

namespace samsynk::sandbox {

struct TokenReply {
    int status = 200;
    std::string body;
};

class Tokens {
public:
    Tokens(std::string client_id, std::string client_secret, std::chrono::seconds lifetime)
        : client_id_{std::move(client_id)}, client_secret_{std::move(client_secret)}, lifetime_{lifetime} {}

    /// OpenID discovery for an issuer.
    static std::string discovery(const std::string& issuer);
    /// `authorization` is the header (client_secret_basic); `body` the form.
    TokenReply token(const std::string& authorization, const std::string& body);
    /// Whether `Authorization: Bearer …` bears a token that is good now.
    bool accepts(const std::string& authorization);

private:
    std::string client_id_, client_secret_;
    std::chrono::seconds lifetime_;
    std::map<std::string, std::chrono::steady_clock::time_point> tokens_;
};

}  // namespace samsynk::sandbox
