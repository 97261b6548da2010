// What an identity provider's refusals mean for the people who must do something about them.
#pragma once

#include <string>

#include "service/online_side.hpp"

namespace samsynk::service {

/// `code` is the provider's own word (`invalid_grant`), empty where it gave none. Always says who must do what.
/// Errors: sign_in_failed; service_error where it is the provider's own trouble.
Error refusal_of(const Endpoint& endpoint, const std::string& code, int status);

/// Nobody has signed in yet, or someone has signed out.
Error nobody_signed_in(const Endpoint& endpoint);

/// An answer that is neither a yes nor a refusal. `what` is the address's name, as in the standards.
Error strange_reply(const std::string& what, int status);

}  // namespace samsynk::service
