// Who is at the other end of the control socket, and what they may do.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace samsynk::control {

enum class Access { none, look, act };

struct Peer {
    Access access = Access::none;
    std::string name;  ///< the user's, or its number where it has none
    uid_t uid = 0;
    bool trusted = false;  ///< root, or the daemon's own user
};

/// Root, the daemon's own user and the group `samsynk` act; members of `observers` look.
/// `socket` is a connected Unix socket.
Peer peer_of(int socket, const std::vector<std::string>& observers);

}  // namespace samsynk::control
