// A host's name to its addresses, in a way that no slow name server can hold up: neither a deadline nor a stop.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <string>
#include <vector>

#include "agent/ports.hpp"
#include "async/cancellation.hpp"
#include "service/network_error.hpp"

namespace samsynk::service {

using Endpoints = std::vector<boost::asio::ip::tcp::endpoint>;

/// Fills in the addresses, and returns 0 or an EAI_* of getaddrinfo. It may take its time: it is called on a thread of
/// its own, which is left to itself when nobody waits any more.
using Resolve = int (*)(const std::string& host, const std::string& port, Endpoints& found);
int resolve_by_system(const std::string& host, const std::string& port, Endpoints& found);

/// In the system's order of preference, at least one. Errors: service_unreachable, cancelled.
agent::Async<Endpoints> look_up(boost::asio::any_io_executor executor, Peer peer, std::chrono::milliseconds deadline,
                                CancellationSource& cancellation, Resolve resolve = resolve_by_system);

}  // namespace samsynk::service
