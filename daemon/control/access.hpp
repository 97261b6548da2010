// Who is at the other end of the control socket, and what they may do.
#pragma once

#include <string>
#include <vector>

namespace samsynk::control {

enum class Access { none, look, act };

/// Root, the daemon's own user and the group `samsynk` act; members of `observers` look.
/// `socket` is a connected Unix socket.
Access access_of(int socket, const std::vector<std::string>& observers);

}  // namespace samsynk::control
