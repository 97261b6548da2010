// A way through an HTTP proxy to a host (CONNECT). TLS goes on inside it, so that the proxy sees names and amounts
// only.
#pragma once

#include <boost/beast/core/tcp_stream.hpp>
#include <chrono>

#include "agent/ports.hpp"
#include "async/cancellation.hpp"
#include "core/proxy_address.hpp"
#include "service/https_url.hpp"

namespace samsynk::service {

/// On a connection to the proxy. Errors: service_unreachable (the sentence says that it is the proxy), cancelled.
agent::Async<> open_tunnel(boost::beast::tcp_stream& stream, ProxyAddress proxy, HttpsUrl host,
                           std::chrono::milliseconds deadline, CancellationSource& cancellation);

}  // namespace samsynk::service
