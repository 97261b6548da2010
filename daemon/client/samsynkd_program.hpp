// The daemon's program, run by the command for what needs no daemon that runs: a look at a configuration, a backup.
#pragma once

#include "client/program.hpp"

namespace samsynk::client {

/// Whether it is a configuration of the service, rather than one that someone tries.
bool is_of_service(const std::string& file);

/// `${CREDENTIALS_DIRECTORY}` in the service's own configuration means what systemd gave to the service that runs.
void use_credentials_of_service(const std::string& file);

/// Runs the samsynkd beside this program, else the one in PATH, with these words and by this configuration. As root,
/// and with a configuration of the service, it is run as the user `samsynk`: what it may do then is what the service
/// may. Error not_found: there is none.
Result<ProgramOutput> run_samsynkd(const std::string& config, std::vector<std::string> words, int input = -1);

}  // namespace samsynk::client
