// How this client proves who it is to the identity provider: by its secret, by its key, or not at all.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "service/online_side.hpp"
#include "service/signin/replies.hpp"

namespace samsynk::service {

using Form = std::vector<std::pair<std::string, std::string>>;

struct Proof {
    std::string authorization;  ///< the header; empty: none
    Form fields;                ///< go into the form
};

/// `now` is the provider's time, as far as it is known. The files are read anew each time, so that what was renewed
/// counts. They may lie on a share that hangs, and to sign takes a while: not on the loop.
/// Error sign_in_failed: a file can't be read or used.
Result<Proof> prove(const Endpoint& endpoint, const std::string& audience, Time now, const Discovery& discovery);

/// The first refresh token from `refresh_token_file`; nothing where none is configured. Error sign_in_failed. It may
/// hang, too.
using FirstToken = Result<std::optional<std::string>>;
FirstToken first_refresh_token(const Endpoint& endpoint);

/// How long such a file is waited for, and what is said of one that hangs.
constexpr std::chrono::seconds secret_patience{10};
Error secret_hangs();

/// As forms are written: `a=b&c=d%20e`.
std::string to_body(const Form& form);

}  // namespace samsynk::service
