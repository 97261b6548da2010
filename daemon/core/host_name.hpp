// What a host may be called: a name of letters, digits and hyphens, or an address.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace samsynk {

/// Without brackets, and without a zone (`%eth0`): no certificate names one.
bool is_ip_address(const std::string& text);

/// A name of the DNS (RFC 1123) or an IP address. Nothing that was decoded from `%0d%0a` or cut at `%00` is one, nor a
/// name that ends in a number, which resolvers take for an address.
bool is_host(const std::string& text);

/// The host in a field `Host` of HTTP, without its port and brackets; nothing where it is another text than
/// `host[:port]` or `[address][:port]`.
std::optional<std::string> host_in_field(const std::string& field);

}  // namespace samsynk
