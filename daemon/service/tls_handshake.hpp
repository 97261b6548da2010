// The TLS handshake with a host: who it is, and in words what was wrong with its proof.
#pragma once

#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <chrono>

#include "agent/ports.hpp"
#include "async/cancellation.hpp"
#include "service/https_url.hpp"
#include "service/tls_context.hpp"

namespace samsynk::service {

using TlsStream = boost::beast::ssl_stream<boost::beast::tcp_stream>;

/// The stream was prepared with `link`. Errors: tls_failed, service_unreachable, cancelled.
agent::Async<> shake_hands(TlsStream& stream, HttpsUrl host, const TlsContext::Link& link,
                           std::chrono::milliseconds deadline, CancellationSource& cancellation);

}  // namespace samsynk::service
