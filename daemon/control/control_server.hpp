// The control socket: HTTP/1.1 over a Unix socket, for `samsynk`, curl and scripts.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "agent/commands.hpp"
#include "control/event_stream.hpp"

namespace samsynk::control {

struct ControlOptions {
    std::filesystem::path socket;
    std::vector<std::string> observers;
    std::string service_url;
};

class ControlServer {
public:
    ControlServer(boost::asio::any_io_executor executor, agent::Commands& agent, EventStream& events,
                  ControlOptions options);
    ~ControlServer();

    /// Makes the socket, for user and group only, before anyone can connect. Error state_failed: another daemon
    /// listens there, or the folder can't be written.
    Result<void> open();
    void start();  ///< answers from now on
    void stop();   ///< closes all connections and removes the socket

private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace samsynk::control
