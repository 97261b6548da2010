// A file that holds a secret, read with the care that it needs.
#pragma once

#include <filesystem>
#include <string>

#include "core/error.hpp"

namespace samsynk {

/// Error bad_settings: others than its owner and its group may read or write it, so it is no secret.
Result<void> check_secret_file(const std::filesystem::path& file);

/// The text without a byte order mark and without blanks and ends of lines around it. At most 64 KiB, UTF-8. Errors:
/// bad_settings as above; unreadable: it is missing, not to be read, empty or too large. The sentence names the file,
/// never what stands in it. What was read is a present secret from then on (secrets.hpp).
Result<std::string> read_secret_file(const std::filesystem::path& file);

}  // namespace samsynk
