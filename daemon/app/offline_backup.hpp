// Backup and restore where no daemon runs: `samsynkd --backup`, `samsynkd --restore`.
#pragma once

#include "app/daemon.hpp"

namespace samsynk::app {

/// Returns the exit code: 0; 2 the configuration has mistakes, or what should be restored is no backup; 5 it failed.
int back_up_or_restore(const Options& options);

}  // namespace samsynk::app
