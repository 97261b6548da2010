// The daemon's program, run by the command for what needs no daemon that runs: a look at a configuration.
#pragma once

#include <string>
#include <vector>

#include "core/error.hpp"

namespace samsynk::client {

struct ProgramOutput {
    int exit_code = 0;
    std::string output;  ///< standard output; standard error goes where ours goes
};

/// Whether it is a configuration of the service, rather than one that someone tries.
bool is_of_service(const std::string& file);

/// `${CREDENTIALS_DIRECTORY}` in the service's own configuration means what systemd gave to the service that runs.
void use_credentials_of_service(const std::string& file);

/// Runs the samsynkd beside this program, else the one in PATH, with these words, and waits for its end. As root it is
/// run as the user `samsynk` where there is one and `as_service` is asked for: what it may do then is what it may do as
/// a service. Error not_found: there is none.
Result<ProgramOutput> run_samsynkd(std::vector<std::string> words, bool as_service);

}  // namespace samsynk::client
