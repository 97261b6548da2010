// A configuration's text without its secrets, also where it is not YAML, or has mistakes: then most of all it is sent
// to a helper.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace samsynk::client {

struct HiddenConfiguration {
    std::string text;                          ///< line by line as it was; of secret values the name only
    std::vector<std::string> values{};         ///< that were hidden: they must not stand anywhere else
    std::vector<std::filesystem::path> files;  ///< that hold a secret, by the names of their settings
};

/// What stands under `environment:` and whatever is called a password, secret, token or the like, also in comments.
HiddenConfiguration hide_secrets(std::string_view configuration);

}  // namespace samsynk::client
