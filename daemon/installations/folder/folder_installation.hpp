// The folder connector as the agent sees it: FolderBooks on a thread that may block.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/thread_pool.hpp>
#include <filesystem>
#include <memory>
#include <string>

#include "agent/ports.hpp"

namespace samsynk::installations {

/// How changes are learned of between the runs.
enum class Listening {
    none,       ///< not at all
    automatic,  ///< from the kernel, where it tells of all of them; else they are looked for
    events,     ///< from the kernel
    looking,    ///< they are looked for, every ten seconds or (where that is slow) more seldom
};

/// `executor` is the caller's; `pool` must outlive the installation.
std::unique_ptr<agent::LocalSide> make_folder_installation(std::string id, std::filesystem::path root,
                                                           Listening listening, boost::asio::any_io_executor executor,
                                                           boost::asio::thread_pool& pool);

}  // namespace samsynk::installations
