// One request and its reply over a connection that stands: with limits on time and size at every step.
#pragma once

#include <boost/beast/core/flat_buffer.hpp>
#include <string>

#include "async/cancellation.hpp"
#include "service/https_client.hpp"
#include "service/network_error.hpp"
#include "service/tls_handshake.hpp"

namespace samsynk::service {

struct Exchanged {
    Result<HttpReply> reply;
    bool keep = false;          ///< the connection is good for another request
    bool nothing_came = false;  ///< it was closed before a byte of a reply: most likely it had gone stale
};

/// `buffer` goes with the connection.
boost::asio::awaitable<Exchanged> exchange(TlsStream& stream, boost::beast::flat_buffer& buffer, HttpRequest request,
                                           HttpsUrl host, Deadlines deadlines, CancellationSource& cancellation);

}  // namespace samsynk::service
