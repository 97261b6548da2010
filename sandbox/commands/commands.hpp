// The command line with which a person plays the office and the customer.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>

namespace samsynk::sandbox {

/// Adds the office's and the customer's commands. They act on the store in `data`, also while the server runs,
/// and throw CLI::RuntimeError(1) after saying why where a rule stands in the way.
void add_commands(CLI::App& program, std::shared_ptr<std::filesystem::path> data);

}  // namespace samsynk::sandbox
