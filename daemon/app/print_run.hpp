// What `samsynkd --once` and `--dry-run` print.
#pragma once

#include "agent/status.hpp"

namespace samsynk::app {

void print_run(const agent::RunResult& result);

}  // namespace samsynk::app
