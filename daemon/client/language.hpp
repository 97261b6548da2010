// The reader's language: Swedish where the locale is Swedish, English otherwise.
#pragma once

#include <boost/json.hpp>
#include <string>

#include "core/error.hpp"

namespace samsynk::client {

/// Chooses the language from the environment. Swedish also works where that locale is not installed.
void choose_language();

/// Where the catalogs of words are, a folder a language: beside the program where it was built or unpacked, else the
/// system's.
std::string catalog_folder();

/// The sentence in the reader's language.
std::string translated(const std::string& id);
/// The same, with values filled in; these are shown so that they can't steer the terminal.
std::string say(std::string id, std::vector<std::pair<std::string, std::string>> args = {});
std::string say(const Message& message);
/// The sentence that stands in a REASON or an error of the control socket: its id (empty where there is none) and
/// values.
Message message_of(const boost::json::object& told);
/// A REASON of the control socket in the reader's language; empty for null.
std::string say_reason(const boost::json::value& reason);

}  // namespace samsynk::client
