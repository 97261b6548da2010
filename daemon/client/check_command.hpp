// `samsynk check`: a monitoring plugin, for Nagios, Icinga and whatever calls those.
#pragma once

#include "client/check_verdict.hpp"
#include "client/commands.hpp"

namespace samsynk::client {

/// One line and performance data, then the companies concerned, at most ten. Exit code: the grade.
int check_command(const Options& options, const CheckLimits& limits);

}  // namespace samsynk::client
