// The folder connector as the agent sees it: FolderBooks on a thread of its own, which may block.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "agent/ports.hpp"

namespace samsynk::installations {

/// How changes are learned of between the runs.
enum class Listening {
    none,       ///< not at all
    automatic,  ///< from the kernel, where it tells of all of them; else they are looked for
    events,     ///< from the kernel
    looking,    ///< they are looked for, every ten seconds or (where that is slow) more seldom
};

/// `passed_over`: patterns of folders that are no companies. `patience`: for a call; a share that hangs for longer is
/// offline, and hangs no one else.
std::unique_ptr<agent::LocalSide> make_folder_installation(
    std::string id, std::filesystem::path root, Listening listening, std::vector<std::string> passed_over,
    boost::asio::any_io_executor executor, std::chrono::milliseconds patience = std::chrono::minutes{2});

}  // namespace samsynk::installations
