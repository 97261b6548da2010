#include "service/signin/refusal.hpp"

namespace samsynk::service {
namespace {

// The client itself is not accepted: what to look at depends on how it proves who it is.
std::string unknown_client(Method method) {
    switch (method) {
        case Method::client_secret:
            return N_(
                "{issuer} does not accept {client} with the secret in {file} ({code}): the secret has expired or "
                "is another one, or client_id is wrong. The administrator must get a new secret there, and put "
                "it into the file.");
        case Method::private_key:
            return N_(
                "{issuer} does not accept {client} with the key in {file} ({code}). The administrator must "
                "register the key's public half there, and check client_id and this machine's clock.");
        case Method::device:
            break;
    }
    return N_(
        "{issuer} does not know {client} ({code}). The administrator must correct service.auth.client_id, or "
        "register it there.");
}

std::string sentence_of(const std::string& code, Method method) {
    if (code == "invalid_client") return unknown_client(method);
    if (code == "invalid_grant")
        return method == Method::device
                   ? N_("The sign-in at {issuer} has ended ({code}): it was withdrawn or has expired. Someone who may "
                        "act for the office must sign in again with: samsynk login")
                   : unknown_client(method);
    if (code == "unauthorized_client" || code == "unsupported_grant_type")
        return method == Method::device
                   ? N_("{client} may not sign in with a code at {issuer} ({code}). The administrator must allow the "
                        "device grant and offline_access for it there.")
                   : N_("{client} may not sign in by itself at {issuer} ({code}). The administrator must allow the "
                        "client_credentials grant for it there, or remove the secret and use: samsynk login");
    if (code == "invalid_scope" || code == "invalid_target")
        return N_(
            "{issuer} does not give {client} the rights it asks for ({code}). The administrator must correct "
            "service.auth.scope, or allow them there.");
    if (code == "access_denied")
        return N_(
            "The sign-in at {issuer} was declined ({code}). If that was not meant, begin again with: samsynk "
            "login");
    if (code == "expired_token") return N_("Nobody entered the code in time ({code}). Begin again with: samsynk login");
    if (code == "interaction_required" || code == "login_required" || code == "consent_required")
        return N_(
            "{issuer} asks for a person ({code}). Someone who may act for the office must sign in again with: "
            "samsynk login");
    return N_(
        "{issuer} refused the sign-in of {client} ({code}). The administrator must check service.auth, and that "
        "{client} is registered there for this way to sign in.");
}

}  // namespace

Error refusal_of(const Endpoint& endpoint, const std::string& code, int status) {
    const bool theirs = code == "server_error" || code == "temporarily_unavailable" || code == "slow_down" ||
                        status == 429 || status >= 500;
    if (theirs || (code.empty() && status != 400 && status != 401 && status != 403))
        return strange_reply("token", status);
    const auto file = endpoint.auth_key_file ? *endpoint.auth_key_file : endpoint.client_secret_file.value_or("");
    return fail(Errc::sign_in_failed,
                sentence_of(code.empty() && status == 401 ? "invalid_client" : code, method_of(endpoint)),
                {{"issuer", endpoint.issuer},
                 {"client", endpoint.client_id},
                 {"file", file.string()},
                 {"code", code.empty() ? std::to_string(status) : code}});
}

Error nobody_signed_in(const Endpoint& endpoint) {
    return fail(Errc::sign_in_failed,
                N_("Nobody has signed in at {issuer} yet. Someone who may act for the office must do so with: samsynk "
                   "login"),
                {{"issuer", endpoint.issuer}});
}

Error strange_reply(const std::string& what, int status) {
    return fail(Errc::service_error, N_("The sign-in service answered {status} to {what}. It is tried again."),
                {{"status", std::to_string(status)}, {"what", what}});
}

}  // namespace samsynk::service
