// Another program, run to its end for what it prints.
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

}  // namespace samsynk::client
