#include "sandbox/signin/tokens.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <boost/json.hpp>
#include <boost/url/decode_view.hpp>
#include <boost/url/params_encoded_view.hpp>
#include <boost/url/parse_query.hpp>

#include "core/ids.hpp"

namespace samsynk::sandbox {
namespace {

namespace json = boost::json;

std::string decode_base64(const std::string& text) {
    if (text.empty() || text.size() % 4 != 0) return {};
    std::string decoded(text.size(), '\0');
    const int length =
        EVP_DecodeBlock(reinterpret_cast<unsigned char*>(decoded.data()),
                        reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
    if (length < 0) return {};
    decoded.resize(static_cast<std::size_t>(length) - (text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0));
    return decoded;
}

std::string form_decoded(const std::string& text) {
    const auto view = boost::urls::make_pct_string_view(text);
    if (!view) return {};
    std::string decoded;
    view->decode({}, boost::urls::string_token::assign_to(decoded));
    return decoded;
}

bool same(const std::string& a, const std::string& b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

TokenReply refused(int status, const char* error, const char* description) {
    return {status, json::serialize(json::object{{"error", error}, {"error_description", description}})};
}

}  // namespace

std::string Tokens::discovery(const std::string& issuer) {
    return json::serialize(json::object{{"issuer", issuer},
                                        {"token_endpoint", issuer + "/token"},
                                        {"jwks_uri", issuer + "/jwks"},
                                        {"response_types_supported", json::array{"none"}},
                                        {"subject_types_supported", json::array{"public"}},
                                        {"id_token_signing_alg_values_supported", json::array{"ES256"}},
                                        {"grant_types_supported", json::array{"client_credentials"}},
                                        {"token_endpoint_auth_methods_supported", json::array{"client_secret_basic"}}});
}

TokenReply Tokens::token(const std::string& authorization, const std::string& body) {
    const std::string pair = authorization.starts_with("Basic ") ? decode_base64(authorization.substr(6)) : "";
    const auto colon = pair.find(':');
    const bool known = colon != std::string::npos && same(form_decoded(pair.substr(0, colon)), client_id_) &&
                       same(form_decoded(pair.substr(colon + 1)), client_secret_);
    if (!known) return refused(401, "invalid_client", "The client or its secret is not known.");
    const auto form = boost::urls::parse_query(body);
    if (!form || !form->contains("grant_type") || (*form->find("grant_type")).value != "client_credentials")
        return refused(400, "unsupported_grant_type", "Only client_credentials.");
    const auto now = std::chrono::steady_clock::now();
    std::erase_if(tokens_, [&](const auto& token) { return token.second < now; });
    const std::string token = random_hex(32);
    tokens_.emplace(token, now + lifetime_);
    return {200, json::serialize(json::object{
                     {"access_token", token}, {"token_type", "Bearer"}, {"expires_in", lifetime_.count()}})};
}

bool Tokens::accepts(const std::string& authorization) {
    if (!authorization.starts_with("Bearer ")) return false;
    const auto token = tokens_.find(authorization.substr(7));
    return token != tokens_.end() && token->second > std::chrono::steady_clock::now();
}

}  // namespace samsynk::sandbox
