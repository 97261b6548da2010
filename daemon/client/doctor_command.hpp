// What the doctor found, for people.
#pragma once

#include "client/commands.hpp"

namespace samsynk::client {

/// `POST /v1/doctor`'s answer, of a configuration file without a daemon. Error bad_settings: it has mistakes, and they
/// were told on standard error; not_found: there is no samsynkd.
Result<boost::json::value> look_at_configuration(const std::string& file);

/// Prints findings: a line for each (`✓`, `·`, `!` or `✗`), beneath it what to do, and a last word on all (as JSON with
/// --json). Exit code: 1 where something does not work.
ExitCode print_findings(const Options& options, const boost::json::value& answer);

}  // namespace samsynk::client
