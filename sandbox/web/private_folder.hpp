// The folder in which the sandbox keeps all it has: tokens, passwords, keys.
#pragma once

#include <filesystem>

namespace samsynk::sandbox {

/// Makes it, for its owner alone. One that is there already is closed to others, where it is ours.
void make_private_folder(const std::filesystem::path& folder);

}  // namespace samsynk::sandbox
