// The field's words for what JSON names: states, choices, changes.
#pragma once

#include <boost/json.hpp>
#include <string>

namespace samsynk::client {

/// To be shown: it can't steer the terminal. Empty for null.
std::string text_at(const boost::json::value& object, const char* key);
std::string choice_word(const boost::json::value& choice);  ///< yes, no, not chosen
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

}  // namespace samsynk::client
