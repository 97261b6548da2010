// What the daemon itself can be asked over the control socket, besides what the agent can.
#pragma once

#include <string>
#include <vector>

#include "agent/ports.hpp"
#include "control/exchange.hpp"
#include "core/finding.hpp"

namespace samsynk::control {

class Housekeeping {
public:
    virtual ~Housekeeping() = default;
    virtual std::string log_level() const = 0;
    /// Until the next reload. Error bad_request: there is no such level.
    virtual Result<void> set_log_level(const std::string& level, const std::string& by) = 0;
    /// A consistent copy of the state. Error state_failed.
    virtual agent::Async<Download> back_up() = 0;
    /// Reads the configuration again; a bad one is refused and the old one kept. Error bad_settings.
    virtual agent::Async<> reload() = 0;
    /// Looks at everything that a run needs, and changes nothing.
    virtual boost::asio::awaitable<std::vector<Finding>> examine() = 0;
};

}  // namespace samsynk::control
