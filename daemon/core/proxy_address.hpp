// The address of a proxy as people write it, in the configuration or in HTTPS_PROXY.
#pragma once

#include <string>

#include "core/error.hpp"

namespace samsynk {

/// `user` is empty where the proxy asks for none. The password is never shown, by nothing.
struct ProxyAddress {
    std::string host;  ///< an IPv6 address is without brackets
    std::string port = "3128";
    std::string user;
    std::string password;
};

/// `http://[user[:password]@]host[:port]`, user and password percent-encoded. Error bad_settings; it does not repeat
/// the text, which may hold a password.
Result<ProxyAddress> parse_proxy_address(const std::string& text);

}  // namespace samsynk
