// The first of several addresses that lets itself be connected to, IPv6 and IPv4 in turn (RFC 8305).
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>

#include "service/name_lookup.hpp"

namespace samsynk::service {

/// How long an attempt is waited for before the next address is tried beside it.
inline constexpr std::chrono::milliseconds attempt_stagger{250};
inline constexpr std::size_t most_addresses = 16;

/// The families in turn, beginning with the family of the first; at most `most_addresses`.
Endpoints in_turn(const Endpoints& found);

/// Errors: service_unreachable (the first attempt's reason), cancelled.
agent::Async<boost::asio::ip::tcp::socket> connect_to_first(boost::asio::any_io_executor executor, Peer peer,
                                                            Endpoints found, std::chrono::milliseconds deadline,
                                                            CancellationSource& cancellation);

}  // namespace samsynk::service
