// The reader's language: Swedish where the locale is Swedish, English otherwise.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "core/error.hpp"

namespace samsynk::client {

/// Chooses the language from the environment. Swedish also works where that locale is not installed.
void choose_language();

/// Where the catalogs of words are, a folder a language: beside the program where it was built or unpacked, else the
/// system's.
std::string catalog_folder();

using Values = std::vector<std::pair<std::string, std::string>>;

/// The sentence in the reader's language, as it is.
std::string translated(const std::string& id);
/// The same, with values filled in; these are shown so that they can't steer the terminal.
std::string tr(std::string id, Values values = {});
std::string tr(const Message& message);
/// The same as a line of standard output.
void print_line(std::string id, Values values = {});
/// The sentence that stands in a REASON or an error of the control socket: its id (empty where there is none) and
/// values.
Message message_of(const boost::json::object& told);
/// A REASON of the control socket in the reader's language; empty for null.
std::string tr_reason(const boost::json::value& reason);

/// To be shown: it can't steer the terminal. Empty for null.
std::string text_at(const boost::json::value& object, const char* key);

}  // namespace samsynk::client
