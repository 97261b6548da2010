// The metrics on a port of this machine's own, for a Prometheus that can't reach the control socket.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>
#include <string>

#include "agent/commands.hpp"
#include "control/options.hpp"
#include "core/event.hpp"

namespace samsynk::control {

/// Serves `GET /metrics` and nothing else, to whoever is on this machine: nothing can be changed here.
class MetricsPort {
public:
    /// `on_fault` is told of an exception that ended an answer.
    MetricsPort(boost::asio::any_io_executor executor, const agent::Commands& agent,
                std::function<void(Event)> on_fault = {});
    ~MetricsPort();

    /// Whatever it listened at before is closed, also where no port is wanted. Error state_failed: the port is taken.
    Result<void> listen(const MetricsOptions& options);
    void close();

private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace samsynk::control
