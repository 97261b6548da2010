// What went wrong on the way to a host, in a sentence for people.
#pragma once

#include <boost/system/error_code.hpp>
#include <string>

#include "core/error.hpp"

namespace samsynk::service {

/// Who is called: the service, or a proxy before it.
struct Peer {
    std::string host;
    std::string port;
    bool proxy = false;
    bool knows_us = false;  ///< by a certificate of ours
};

/// Errors: service_unreachable; bad_reply where the reply came and was no good; tls_failed where the connection was cut
/// by an alert, for example because our certificate was not taken. `doing` is for the log.
Error network_error(const Peer& peer, const boost::system::error_code& code, const std::string& doing);

/// The clock ran out while waiting for the peer.
Error too_late(const Peer& peer, const std::string& doing);

/// The peer asked for a certificate of ours, and there is none.
Error wants_certificate(const Peer& peer, const std::string& why);

Error stopped_error();

/// An error of OpenSSL, rather than of the network beneath it.
bool is_tls_error(const boost::system::error_code& code);

}  // namespace samsynk::service
