// The commands for whoever keeps the daemon: watched, backed up, restored, and helped.
#pragma once

#include <CLI/CLI.hpp>

#include "client/commands.hpp"

namespace samsynk::client {

/// `options` and `code` must outlive the program's parsing.
void add_keeping(CLI::App& program, const Options& options, int& code);

/// The exit code where the words that were given can't be understood: a monitoring system takes our usual one for
/// something else.
int misused(const CLI::App& program);

}  // namespace samsynk::client
