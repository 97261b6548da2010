// What the doctor found, for people.
#pragma once

#include "client/commands.hpp"

namespace samsynk::client {

/// `POST /v1/doctor`'s answer, of a configuration file without a daemon. Error bad_settings: it has mistakes, and they
/// were told on standard error; not_found: there is no samsynkd.
Result<boost::json::value> look_at_configuration(const std::string& file);

/// Prints findings and what to do, gravest last word (as JSON with --json). Exit code: 1 where something does not work.
int tell_findings(const Options& options, const boost::json::value& answer);

/// A line for each: `✓`, `·`, `!` or `✗`, then the sentence, and beneath it what to do.
std::string in_words(const boost::json::value& answer);

}  // namespace samsynk::client
