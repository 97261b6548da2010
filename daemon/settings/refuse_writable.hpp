// A configuration decides what samsynkd runs and whom it trusts: so nobody else may write it, nor what it names.
#pragma once

#include "settings/settings.hpp"

namespace samsynk::settings {

/// Each file that others than root and the daemon's user may change is a mistake; with one there are no settings.
void refuse_writable(Loaded& loaded, const std::filesystem::path& file);

}  // namespace samsynk::settings
