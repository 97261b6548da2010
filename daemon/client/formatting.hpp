// What JSON names in the field's words (states, choices, changes, runs), and columns that line up.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "client/commands.hpp"

namespace samsynk::client {

/// How many columns a UTF-8 text takes on a terminal (one a letter; marks that combine take none).
std::size_t width_of(const std::string& text);

using Rows = std::vector<std::vector<std::string>>;

/// The rows, with two blanks between columns.
std::string table(const Rows& rows);
/// A translatable heading and its value, unless that is empty.
void add_row(Rows& rows, const char* heading, const std::string& value);

std::string count_at(const boost::json::value& object, const char* key);  ///< 0 where there is none
std::string choice_word(const boost::json::value& choice);                ///< yes, no, not chosen
std::string preference_word(const std::string& name);
std::string state_word(const std::string& name);  ///< of a company
std::string collaboration_word(const std::string& name);
std::string local_time(const std::string& rfc3339);           ///< `2026-11-02 09:00`, empty stays empty
std::string pretty_number(const boost::json::value& number);  ///< with its dash
/// `12 companies: 9 synced, 1 waiting, …`: all states, which add up to the first number.
std::string counts_line(const boost::json::value& counts);
std::string company_label(const boost::json::value& company);  ///< name, else place
/// Why a company is not synced: its name, unless the sentence itself says it, and the reason.
std::string problem_line(const boost::json::value& company);
/// What was changed, without the company: `receive invoices: no → yes (sent to the online service)`.
std::string change_words(const boost::json::value& change);
std::string change_line(const boost::json::value& change);  ///< with the company

void print_run(const boost::json::value& run);
ExitCode run_exit_code(const boost::json::value& run);
ExitCode company_exit_code(const boost::json::value& company);

}  // namespace samsynk::client
