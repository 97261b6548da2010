#include "service/signin/client_proof.hpp"

#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

#include "core/ids.hpp"
#include "core/secret_file.hpp"
#include "service/base64.hpp"
#include "service/signin/jwt_assertion.hpp"

namespace samsynk::service {
namespace {

// RFC 6749, 2.3.1: both parts are form-encoded before they are joined.
std::string form_encoded(const std::string& text) { return boost::urls::encode(text, boost::urls::unreserved_chars); }

Result<std::string> read_secret(const std::filesystem::path& path) {
    auto secret = read_secret_file(path);
    if (secret.has_error()) return fail(Errc::sign_in_failed, secret.error().message.id, secret.error().message.args);
    return secret;
}

}  // namespace

Result<Proof> prove(const Endpoint& endpoint, const std::string& audience, Time now, const Discovery& discovery) {
    if (method_of(endpoint) == Method::device) return Proof{.fields = {{"client_id", endpoint.client_id}}};
    if (method_of(endpoint) == Method::client_secret) {
        const auto secret = read_secret(*endpoint.client_secret_file);
        if (secret.has_error()) return secret.error();
        if (discovery.secret_in_form)
            return Proof{.fields = {{"client_id", endpoint.client_id}, {"client_secret", *secret}}};
        return Proof{.authorization =
                         "Basic " + base64(form_encoded(endpoint.client_id) + ":" + form_encoded(*secret))};
    }
    const auto pem = read_secret(*endpoint.auth_key_file);
    if (pem.has_error()) return pem.error();
    const Claims claims{.client_id = endpoint.client_id, .audience = audience, .id = new_uuid(), .now = now};
    const auto assertion = sign_assertion(*pem, endpoint.auth_key_file->string(), endpoint.auth_key_id, claims,
                                          discovery.signing_algorithms);
    if (assertion.has_error()) return assertion.error();
    return Proof{.fields = {{"client_id", endpoint.client_id},
                            {"client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
                            {"client_assertion", *assertion}}};
}

Error secret_hangs() {
    return fail(Errc::sign_in_failed, N_("The file with the secret does not answer: the disk or share that it lies on "
                                         "hangs. Look at it, or put the file elsewhere."));
}

FirstToken first_refresh_token(const Endpoint& endpoint) {
    if (!endpoint.refresh_token_file) return std::optional<std::string>{};
    auto token = read_secret(*endpoint.refresh_token_file);
    if (token.has_error()) return token.error();
    return std::optional<std::string>{std::move(*token)};
}

std::string to_body(const Form& form) {
    std::string body;
    for (const auto& [name, value] : form)
        body += (body.empty() ? "" : "&") + form_encoded(name) + "=" + form_encoded(value);
    return body;
}

}  // namespace samsynk::service
