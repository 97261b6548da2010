#include "control/access.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace samsynk::control {
namespace {

// However many they are: with too little room the kernel says how much it takes.
std::vector<gid_t> groups_of(int socket) {
    std::vector<gid_t> groups(32);
    for (;;) {
        auto size = static_cast<socklen_t>(groups.size() * sizeof(gid_t));
        if (::getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &size) == 0) {
            groups.resize(size / sizeof(gid_t));
            return groups;
        }
        if (errno != ERANGE || size <= groups.size() * sizeof(gid_t)) return {};
        groups.resize(size / sizeof(gid_t));
    }
}

}  // namespace

Caller caller_of(int socket) {
    ucred peer{};
    socklen_t size = sizeof peer;
    if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return {};
    Caller caller{peer.uid, groups_of(socket), peer.uid == 0 || peer.uid == ::geteuid()};
    caller.groups.push_back(peer.gid);
    return caller;
}

Access access_by(const std::vector<gid_t>& groups, const GroupNumbers& numbers,
                 const std::vector<std::string>& observers) {
    const auto in = [&](const std::string& name) {
        const auto known = numbers.find(name);
        return known != numbers.end() && std::find(groups.begin(), groups.end(), known->second) != groups.end();
    };
    if (in(acting_group)) return Access::act;
    return std::any_of(observers.begin(), observers.end(), in) ? Access::look : Access::none;
}

}  // namespace samsynk::control
