// Which proxy stands before a host, if any: by the configuration, else by HTTPS_PROXY and NO_PROXY.
#pragma once

#include <optional>
#include <string>

#include "core/proxy_address.hpp"
#include "core/secrets.hpp"
#include "service/https_url.hpp"
#include "service/online_side.hpp"

namespace samsynk::service {

class ProxyChoice {
public:
    ProxyChoice() = default;
    ProxyChoice(std::optional<ProxyAddress> proxy, std::string no_proxy);
    const ProxyAddress* before(const HttpsUrl& host) const;

private:
    std::optional<ProxyAddress> proxy_;
    std::string no_proxy_;
    PresentSecret hidden_, hidden_in_header_;
};

/// What the configuration says holds for every host. Error bad_settings: an address or a password file is no good.
Result<ProxyChoice> choose_proxy(const Endpoint& endpoint);

/// Whether a host is named in a NO_PROXY list: names apart by commas, each for itself and all that ends with it, with
/// or without a dot before it; with `:port` for that port only; addresses and networks (`10.0.0.0/8`); `*` for all.
bool is_named_in(const std::string& no_proxy, const HttpsUrl& host);

}  // namespace samsynk::service
