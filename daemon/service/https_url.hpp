// An https address in its parts: whom to call, and how to name it.
#pragma once

#include <string>

#include "core/error.hpp"

namespace samsynk::service {

/// An https URL in its parts. `path` is without a slash at its end, empty for the root.
struct HttpsUrl {
    std::string host;  ///< a name or an address; an IPv6 address is without brackets
    std::string port = "443";
    std::string path;

    /// `host:port`, an IPv6 address in brackets.
    std::string authority() const;
    /// For the field `Host`: the port is left out where it is 443.
    std::string host_field() const;
};

/// Error bad_settings: not https, or no host (see core/host_name.hpp).
Result<HttpsUrl> parse_https_url(const std::string& url);

/// Where a redirect wants to lead to, fit to be shown: without a password and a query, and not too long.
std::string shown_location(const std::string& location);

}  // namespace samsynk::service
