// The way to one HTTPS host, tried step by step, for people who look for what is wrong.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <optional>
#include <string>

#include "service/https_client.hpp"
#include "service/https_url.hpp"
#include "service/transport.hpp"

namespace samsynk::service {

/// How far it came; what stands after the step that failed is unknown.
struct WaySeen {
    std::string by_way_of;  ///< the proxy, where one leads there; else empty
    std::string address;    ///< that was connected to
    bool found = false;     ///< the name (the proxy's, where there is one) has an address
    bool connected = false;
    bool trusted = false;                             ///< TLS, and the certificate verifies
    std::optional<Time> valid_to;                     ///< of its certificate
    std::optional<std::chrono::seconds> clock_ahead;  ///< our clock before theirs, where they say what time it is
    std::optional<HttpReply> reply;                   ///< whatever it was
    Reason trouble;
};

/// Asks for `target`, without a sign-in, and tells what came. No error is possible: it stands in `trouble`.
boost::asio::awaitable<WaySeen> try_way(boost::asio::any_io_executor executor, std::shared_ptr<Transport> transport,
                                        HttpsUrl host, std::string target, Deadlines deadlines);

}  // namespace samsynk::service
