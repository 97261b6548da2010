// Looks at the way to the service, and to where one signs in.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "doctor/examination.hpp"
#include "service/online_side.hpp"
#include "service/transport.hpp"

namespace samsynk::doctor {

using MadeTransport = Result<std::shared_ptr<service::Transport>>;

/// Names, proxy, connection, certificates, and whether the clocks agree.
boost::asio::awaitable<Findings> examine_network(boost::asio::any_io_executor executor, service::Endpoint endpoint,
                                                 MadeTransport transport);

}  // namespace samsynk::doctor
