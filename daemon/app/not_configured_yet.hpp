// The daemon's life before there is anything in its configuration: it waits, and says so to whoever asks.
#pragma once

#include <filesystem>
#include <optional>

namespace samsynk::app {

/// True: the configuration is there now, and right. False: it was asked to stop. Throws where the control socket can't
/// be made.
bool wait_for_configuration(const std::filesystem::path& file, std::optional<int> passed_socket);

}  // namespace samsynk::app
