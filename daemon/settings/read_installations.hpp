// Reads the sections of the configuration that speak of the local side: `installations` and `companies`.
#pragma once

#include "settings/reader.hpp"

namespace samsynk::settings {

/// What is wrong goes to the reader's mistakes.
void read_installations(Reader& root, Settings& settings);
void read_companies(Reader& root, Settings& settings);  ///< after the installations, which they name

}  // namespace samsynk::settings
