// What is tried at a bridge before the first run.
#pragma once

#include "installations/exec/bridge.hpp"

namespace samsynk::installations {

/// Hello, the list, and (where it can) a write that it only pretends to make.
boost::asio::awaitable<std::vector<agent::Probe>> test_bridge(std::shared_ptr<Bridge> bridge, std::string path);

}  // namespace samsynk::installations
