// The daemon's program, run by the command for what needs no daemon that runs: a look at a configuration, a backup.
#pragma once

#include "client/program.hpp"

namespace samsynk::client {

/// Whether it is a configuration of the service, rather than one that someone tries.
bool is_of_service(const std::string& file);

/// `${CREDENTIALS_DIRECTORY}` in the service's own configuration means what systemd gave to the service that runs.
void use_credentials_of_service(const std::string& file);

/// As whom root works with the state that this configuration names, wherever the configuration lies: as the owner of
/// its folder. Nothing where we are not root, or it is root's own.
std::optional<FolderOwner> owner_of_state(const std::string& config);

/// Runs the samsynkd beside this program, else the one in PATH, with these words and by this configuration. As root it
/// is run as the owner of the state: what it may do then is what the service may. Error not_found: there is none.
Result<ProgramOutput> run_samsynkd(const std::string& config, std::vector<std::string> words, int input = -1);

}  // namespace samsynk::client
