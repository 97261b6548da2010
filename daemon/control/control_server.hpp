// The control socket: HTTP/1.1 over a Unix socket, for `samsynk`, curl and scripts.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "control/exchange.hpp"
#include "control/live_answers.hpp"
#include "control/name_service.hpp"

namespace samsynk::control {

struct ControlOptions {
    std::filesystem::path socket;
    std::optional<int> passed;           ///< a descriptor that systemd listens at for us, instead
    std::vector<std::string> observers;  ///< groups that may look
    std::shared_ptr<NameService> names = std::make_shared<SystemNames>();
    std::function<void(Event)> on_fault;  ///< told of an exception that ended a connection, or the listening for them
};

class ControlServer {
public:
    /// `live` may be null where no answer is.
    ControlServer(boost::asio::any_io_executor executor, Answerer& answerer, LiveAnswers* live, ControlOptions options);
    ~ControlServer();

    /// Makes the socket, or takes over the one that was passed. Error state_failed: another daemon listens there, or
    /// the folder can't be written.
    Result<void> open();
    void start();                                       ///< answers from now on
    void stop();                                        ///< closes all connections and removes the socket
    void let_look(std::vector<std::string> observers);  ///< from now on, also for who is connected

private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace samsynk::control
