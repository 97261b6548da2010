// What in a text looks like a secret, whatever the text is: only to keep it out of what else goes to a helper. Nothing
// is shown because it was not found here.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace samsynk::client {

struct LikelySecrets {
    std::vector<std::string> values;
    std::vector<std::filesystem::path> files;  ///< that hold a secret, by the names of their settings
};

/// Also of comments, and of what is no YAML.
LikelySecrets likely_secrets(std::string_view text);

/// `http://user:password@host`: the password, as it is written; empty where there is none.
std::string password_in_address(std::string_view text);

}  // namespace samsynk::client
