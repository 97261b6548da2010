// How hosts are reached: what the connections of all clients of one configuration have in common.
#pragma once

#include <memory>
#include <string>

#include "service/courtesy.hpp"
#include "service/online_side.hpp"
#include "service/proxy_choice.hpp"
#include "service/tls_context.hpp"

namespace samsynk::service {

struct Transport {
    std::shared_ptr<TlsContext> tls;
    ProxyChoice proxy;
    std::shared_ptr<Courtesy> courtesy;
    std::string service;  ///< its address: under this name is kept what it, or its sign-in, asked for
};

/// Error bad_settings: a certificate, key or password file can't be used, or a proxy's address.
Result<std::shared_ptr<Transport>> make_transport(const Endpoint& endpoint, std::shared_ptr<Courtesy> courtesy = {});

}  // namespace samsynk::service
