// The folder connector as the agent sees it: FolderBooks on a thread that may block.
#pragma once

#include <boost/asio/thread_pool.hpp>
#include <filesystem>
#include <memory>
#include <string>

#include "agent/ports.hpp"

namespace samsynk::installations {

/// `pool` must outlive the installation.
std::unique_ptr<agent::LocalSide> make_folder_installation(std::string id, std::filesystem::path root,
                                                           boost::asio::thread_pool& pool);

}  // namespace samsynk::installations
