// What is tried at a bridge before the first run.
#pragma once

#include "installations/exec/bridge.hpp"

namespace samsynk::installations {

/// Hello, the list, and (where it can) a write that it only pretends to make. `bridge` must live until it returns.
boost::asio::awaitable<std::vector<agent::Probe>> test_bridge(Bridge& bridge, const std::string& path);

}  // namespace samsynk::installations
