// The connectors to books that may block, each on a thread of its own. That to a program: exec/exec_installation.hpp.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "installations/blocking_connector.hpp"
#include "installations/sql/database.hpp"
#include "installations/sql/mapping.hpp"

namespace samsynk::installations {

/// `passed_over`: patterns of folders that are no companies. `patience`: for a call; a share that hangs for longer is
/// offline, and hangs no one else.
std::unique_ptr<agent::LocalSide> make_folder_installation(
    std::string id, std::filesystem::path root, Listening listening, std::vector<std::string> passed_over,
    boost::asio::any_io_executor executor, std::chrono::milliseconds patience = std::chrono::minutes{2});

/// Of its own patience: for a call, which may wait more than once in it.
inline constexpr int patience_of_calls = 3;

/// `polls`: between the runs changes are polled for. Error bad_settings: the mapping is not written for this type of
/// database.
Result<std::unique_ptr<agent::LocalSide>> make_sql_installation(std::string id, DatabaseAddress address,
                                                                Mapping mapping, bool polls,
                                                                boost::asio::any_io_executor executor);

}  // namespace samsynk::installations
