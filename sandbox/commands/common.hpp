// What the commands share: the store in a folder, and errors that end one.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "sandbox/steps/steps.hpp"

namespace samsynk::sandbox {

/// The folder in which everything is kept, known when the command line has been read.
using Data = std::shared_ptr<std::filesystem::path>;

/// Says why, and ends the command with 1.
[[noreturn]] void complain(const std::string& text);
OrgNumber number_of(const std::string& text);
OfficeStore open(const Data& data);

/// Changes one customer by a rule, in one transaction.
void change(const Data& data, const std::string& number,
            const std::function<Result<void>(Customer&, OfficeStore&)>& rule);

/// yes, no or none; anything else leaves the choice as it is.
void choose(std::optional<bool>& choice, const std::string& word);

// A file each.
void add_office_commands(CLI::App& program, const Data& data);
void add_step_commands(CLI::App& program, const Data& data);
void add_look_commands(CLI::App& program, const Data& data);
void add_letter_commands(CLI::App& program, const Data& data);
void add_signin_commands(CLI::App& program, const Data& data);

}  // namespace samsynk::sandbox
