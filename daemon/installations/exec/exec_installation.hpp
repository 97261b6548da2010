// The exec connector: an accounting program reached through a child process that speaks JSON lines
// (docs/exec-connector.md).
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "agent/ports.hpp"

namespace samsynk::installations {

/// Of the time in which a bridge must say something: for a whole answer.
inline constexpr int patience_for_answer = 10;

struct ExecOptions {
    std::vector<std::string> command;                 ///< [0] an absolute path; no shell
    std::map<std::string, std::string> environment;   ///< besides PATH, HOME, LANG=C.UTF-8, TZ: nothing is inherited
    std::chrono::milliseconds reply_timeout{30'000};  ///< how long it may say nothing
    std::chrono::milliseconds least_restart{1'000}, most_restart{300'000};  ///< how long it rests after it ended
    bool listens = true;                                                    ///< news() hears of `changed`
};

/// The process is started at the first call, and ended with the installation.
std::unique_ptr<agent::LocalSide> make_exec_installation(std::string id, ExecOptions options,
                                                         boost::asio::any_io_executor executor);

}  // namespace samsynk::installations
