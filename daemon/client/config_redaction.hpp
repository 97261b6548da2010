// A configuration's text as a helper may see it: written anew of what was read, so that nothing comes along that nobody
// thought of.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace samsynk::client {

struct HiddenConfiguration {
    std::string text;                            ///< keys, and the values that can't be a secret
    std::vector<std::string> values{};           ///< that were hidden: they must not stand anywhere else
    std::vector<std::filesystem::path> files{};  ///< that hold a secret, by the names of their settings
};

/// Comments, unknown settings, environments and all of a command but the program are hidden; so is the whole text where
/// it is not one YAML mapping in UTF-8.
HiddenConfiguration hide_secrets(std::string_view configuration);

}  // namespace samsynk::client
