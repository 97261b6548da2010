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

constexpr const char* device_grant = "urn:ietf:params:oauth:grant-type:device_code";
constexpr Moment hasty_by = 300;  // milliseconds that a question may come early

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
    boost::urls::encoding_opts options;
    options.space_as_plus = true;
    std::string decoded;
    view->decode(options, boost::urls::string_token::assign_to(decoded));
    return decoded;
}

bool same(const std::string& a, const std::string& b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::map<std::string, std::string> read_form(const std::string& body) {
    std::map<std::string, std::string> form;
    if (const auto parameters = boost::urls::parse_query(body))
        for (const auto& parameter : *parameters)
            form.emplace(form_decoded(std::string{parameter.key}), form_decoded(std::string{parameter.value}));
    return form;
}

std::string at(const std::map<std::string, std::string>& form, const char* name) {
    const auto found = form.find(name);
    return found == form.end() ? "" : found->second;
}

std::int64_t milliseconds(std::chrono::seconds time) { return std::chrono::milliseconds{time}.count(); }

// Letters that are not taken for one another, and make no words.
std::string new_user_code() {
    constexpr std::string_view letters = "BCDFGHJKLMNPQRSTVWXZ";
    const std::string random = random_hex(16);
    std::string code;
    for (std::size_t i = 0; i < 8; ++i)
        code +=
            std::string(i == 4 ? "-" : "") + letters[std::stoul(random.substr(4 * i, 4), nullptr, 16) % letters.size()];
    return code;
}

TokenReply refused(int status, const char* error, const char* description) {
    return {status, json::serialize(json::object{{"error", error}, {"error_description", description}})};
}

}  // namespace

std::string Tokens::discovery(const std::string& issuer) {
    return json::serialize(
        json::object{{"issuer", issuer},
                     {"token_endpoint", issuer + "/token"},
                     {"device_authorization_endpoint", issuer + "/device_authorization"},
                     {"revocation_endpoint", issuer + "/revoke"},
                     {"jwks_uri", issuer + "/jwks"},
                     {"response_types_supported", json::array{"none"}},
                     {"subject_types_supported", json::array{"public"}},
                     {"id_token_signing_alg_values_supported", json::array{"ES256"}},
                     {"grant_types_supported", json::array{"client_credentials", device_grant, "refresh_token"}},
                     {"token_endpoint_auth_methods_supported", json::array{"client_secret_basic", "none"}}});
}

bool Tokens::knows_secret(const std::string& authorization) const {
    const std::string pair = authorization.starts_with("Basic ") ? decode_base64(authorization.substr(6)) : "";
    const auto colon = pair.find(':');
    return colon != std::string::npos && same(form_decoded(pair.substr(0, colon)), client_id_) &&
           same(form_decoded(pair.substr(colon + 1)), client_secret_);
}

bool Tokens::knows_client(const Form& form) const { return at(form, "client_id") == client_id_; }

TokenReply Tokens::token(const std::string& authorization, const std::string& body) {
    const Form form = read_form(body);
    const std::string grant = at(form, "grant_type");
    const bool secret = knows_secret(authorization), public_grant = grant == device_grant || grant == "refresh_token";
    if (!secret && !(authorization.empty() && public_grant && knows_client(form)))
        return refused(401, "invalid_client", "The client or its secret is not known.");
    if (grant == "client_credentials") return give("", "");
    TokenReply reply = refused(400, "unsupported_grant_type", "There is no such grant.");
    store_.transaction([&] {
        if (grant == device_grant) reply = by_device_code(form);
        if (grant == "refresh_token") reply = by_refresh_token(form);
    });
    return reply;
}

TokenReply Tokens::give(const std::string& family, const std::string& refresh_token) {
    const std::string token = random_hex(32);
    store_.add_access(token, family, moment_now() + milliseconds(options_.token_lifetime));
    json::object reply{
        {"access_token", token}, {"token_type", "Bearer"}, {"expires_in", options_.token_lifetime.count()}};
    if (!refresh_token.empty()) reply["refresh_token"] = refresh_token;
    if (!refresh_token.empty() && options_.refresh_lifetime.count() > 0)
        reply["refresh_expires_in"] = options_.refresh_lifetime.count();
    return {200, json::serialize(reply)};
}

TokenReply Tokens::device_authorization(const std::string& issuer, const std::string& body) {
    const Form form = read_form(body);
    if (!knows_client(form)) return refused(401, "invalid_client", "The client is not known.");
    Device device{.device_code = random_hex(24), .user_code = new_user_code()};
    device.lasting = (" " + at(form, "scope") + " ").find(" offline_access ") != std::string::npos;
    device.expires = moment_now() + milliseconds(options_.device_lifetime);
    device.pause = milliseconds(options_.poll_interval);
    store_.save(device);
    return {200, json::serialize(
                     json::object{{"device_code", device.device_code},
                                  {"user_code", device.user_code},
                                  {"verification_uri", issuer + "/device"},
                                  {"verification_uri_complete", issuer + "/device?user_code=" + device.user_code},
                                  {"expires_in", options_.device_lifetime.count()},
                                  {"interval", options_.poll_interval.count()}})};
}

TokenReply Tokens::by_device_code(const Form& form) {
    const Moment now = moment_now();
    auto device = store_.device(at(form, "device_code"));
    if (!device) return refused(400, "invalid_grant", "There is no such code.");
    if (device->expires <= now) return refused(400, "expired_token", "The code was not entered in time.");
    if (device->state == DeviceState::denied) return refused(400, "access_denied", "The person declined.");
    if (device->state == DeviceState::waiting) {
        const bool hasty = now < device->asked_at + device->pause - hasty_by;
        device->asked_at = now;
        if (hasty) device->pause += 5000;
        store_.save(*device);
        return hasty ? refused(400, "slow_down", "Ask less often.")
                     : refused(400, "authorization_pending", "The person is not done.");
    }
    store_.remove_device(device->device_code);
    if (!device->lasting) return give("", "");
    const std::string family = random_hex(8), refresh_token = random_hex(32);
    store_.add_refresh(refresh_token, family);
    return give(family, refresh_token);
}

TokenReply Tokens::by_refresh_token(const Form& form) {
    const Moment now = moment_now();
    const auto used = store_.refresh_token(at(form, "refresh_token"));
    if (!used) return refused(400, "invalid_grant", "There is no such refresh token.");
    if (!used->next.empty()) {
        // Once more: pardoned for a while, as the answer may have been lost, but not where the successor was used.
        const auto successor = store_.refresh_token(used->next);
        const bool pardoned =
            successor && successor->next.empty() && now < used->used_at + milliseconds(options_.refresh_grace);
        if (!pardoned) {
            store_.end_family(used->family);
            return refused(400, "invalid_grant", "The refresh token was used before.");
        }
        store_.remove_refresh(used->next);
    }
    const std::string next = random_hex(32);
    store_.use_refresh(used->token, next, used->next.empty() ? now : used->used_at);
    store_.add_refresh(next, used->family);
    return give(used->family, next);
}

TokenReply Tokens::revoke(const std::string& body) {
    const Form form = read_form(body);
    if (!knows_client(form)) return refused(401, "invalid_client", "The client is not known.");
    store_.transaction([&] {
        if (const auto token = store_.refresh_token(at(form, "token"))) store_.end_family(token->family);
    });
    return {200, "{}"};
}

bool Tokens::accepts(const std::string& authorization) {
    return authorization.starts_with("Bearer ") && store_.has_access(authorization.substr(7), moment_now());
}

}  // namespace samsynk::sandbox
