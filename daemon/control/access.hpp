// Who is at the other end of the control socket, and what they may do.
#pragma once

#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

namespace samsynk::control {

enum class Access { none, look, act };

/// Whom the kernel says that it is, as things stood when they connected.
struct Caller {
    uid_t uid = static_cast<uid_t>(-1);
    std::vector<gid_t> groups;  ///< of the process: fixed when the person signed in
    bool trusted = false;       ///< root, or the daemon's own user
};

struct Peer {
    Access access = Access::none;
    std::string name;  ///< the user's, or its number where it has none
    uid_t uid = 0;
    bool trusted = false;
};

/// `socket` is a connected Unix socket. Asks the kernel only: no name service.
Caller caller_of(int socket);

/// The numbers of groups, by name; a group that there is not is left out.
using GroupNumbers = std::map<std::string, gid_t>;

inline constexpr const char* acting_group = "samsynk";

/// Members of the group `samsynk` act, members of one of `observers` look.
Access access_by(const std::vector<gid_t>& groups, const GroupNumbers& numbers,
                 const std::vector<std::string>& observers);

}  // namespace samsynk::control
