// The sandbox's own certificate authority, and a certificate for this machine from it. For trying out only.
#pragma once

#include <filesystem>

namespace samsynk::sandbox {

/// Makes `ca.pem`, `ca.key`, `server.pem` and `server.key` in a folder, unless they are there. The certificate is for
/// localhost, 127.0.0.1 and ::1, for a year. Throws std::runtime_error.
void make_certificates(const std::filesystem::path& folder);

}  // namespace samsynk::sandbox
