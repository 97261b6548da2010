#include "control/sign_in_json.hpp"

#include "control/to_json.hpp"

namespace samsynk::control {
namespace {

namespace json = boost::json;

json::value seconds_or_null(const std::optional<std::chrono::seconds>& left) {
    return left ? json::value(left->count()) : json::value(nullptr);
}

json::value end_or_null(const std::optional<std::chrono::seconds>& left, Time now) {
    return left ? json::value(to_rfc3339(now + *left)) : json::value(nullptr);
}

std::string line(json::object object) { return json::serialize(object) + "\n"; }

}  // namespace

json::object to_json(const agent::SignInStatus& sign_in, Time now) {
    json::value certificate = nullptr;
    if (sign_in.certificate_left)
        certificate = {{"expires_at", end_or_null(sign_in.certificate_left, now)},
                       {"seconds_left", seconds_or_null(sign_in.certificate_left)}};
    return {{"method", sign_in.method},
            {"state", sign_in.state},
            {"expires_at", end_or_null(sign_in.left, now)},
            {"seconds_left", seconds_or_null(sign_in.left)},
            {"certificate", std::move(certificate)},
            {"reason", to_json(sign_in.reason)}};
}

std::string code_line(const agent::Login& login) {
    const std::string complete = login.complete_address();
    return line({{"event", "login.code"},
                 {"user_code", login.user_code()},
                 {"verification_uri", login.address()},
                 {"verification_uri_complete", complete.empty() ? json::value(nullptr) : json::value(complete)},
                 {"seconds_left", login.left().count()}});
}

std::string waiting_line(const agent::Login& login) {
    return line({{"event", "login.waiting"}, {"seconds_left", login.left().count()}});
}

std::string outcome_line(const agent::Login& login) {
    const Result<void> outcome = login.outcome();
    const Reason why = outcome.has_error() ? Reason{outcome.error()} : Reason{};
    return line({{"event", "result"}, {"result", {{"signed_in", outcome.has_value()}, {"error", to_json(why)}}}});
}

json::object to_json(agent::Logout outcome) {
    return {{"signed_out", outcome != agent::Logout::nobody}, {"revoked", outcome == agent::Logout::revoked}};
}

}  // namespace samsynk::control
