// What the configuration says of the ways in, besides the control socket.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace samsynk::control {

/// Where monitoring may fetch the metrics.
struct MetricsOptions {
    std::optional<std::string> address;  ///< of the loopback; nothing: no port
    std::uint16_t port = 0;
    bool companies = false;  ///< whether the port tells of single companies, to every user of this machine
};

}  // namespace samsynk::control
