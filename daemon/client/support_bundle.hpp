// `samsynk support-bundle`: what a helper needs to find a fault, without secrets and persons' numbers.
#pragma once

#include "client/commands.hpp"

namespace samsynk::client {

/// An empty `file` is named by host and date, in the present folder.
int support_bundle_command(const Options& options, std::string file, bool with_names, const std::string& config);

}  // namespace samsynk::client
