// `samsynk backup` and `samsynk restore`: what Samsynk remembers, kept elsewhere and put back.
#pragma once

#include "client/commands.hpp"

namespace samsynk::client {

/// `-` is standard output. Asks the daemon; where none runs, its program does it by the configuration `config`.
int backup_command(const Options& options, const std::string& file, bool force, const std::string& config);
/// Asks first, unless `yes`.
int restore_command(const Options& options, const std::string& file, bool yes, const std::string& config);

}  // namespace samsynk::client
