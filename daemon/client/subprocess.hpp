// Another program, run to its end for what it prints. Also the daemon's own, for what needs no daemon that runs: a look
// at a configuration, a backup.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "core/folder_owner.hpp"

namespace samsynk::client {

struct ProgramOutput {
    int exit_code = 0;
    std::string output;  ///< standard output; standard error goes where ours goes, unless it was asked for too
};

struct ProgramOptions {
    int input = -1;                     ///< its standard input, where it is to have another one than ours
    std::optional<FolderOwner> user{};  ///< as whom it runs; for root only
    bool with_errors = false;           ///< standard error is output, too
};

/// By its path, or its name in PATH; no shell. Waits for its end. Error not_found: it could not be started.
Result<ProgramOutput> run_program(std::vector<std::string> words, ProgramOptions options = {});

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
