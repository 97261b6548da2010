#include "control/access.hpp"

#include <grp.h>
#include <pwd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>

namespace samsynk::control {
namespace {

std::vector<gid_t> groups_of(const ucred& peer) {
    std::vector<gid_t> groups{peer.gid};
    std::array<char, 4096> text{};
    passwd entry{};
    passwd* found = nullptr;
    if (::getpwuid_r(peer.uid, &entry, text.data(), text.size(), &found) != 0 || !found) return groups;
    int count = 64;
    std::vector<gid_t> more(static_cast<std::size_t>(count));
    if (::getgrouplist(entry.pw_name, peer.gid, more.data(), &count) >= 0)
        groups.assign(more.begin(), more.begin() + count);
    return groups;
}

bool is_member(const std::vector<gid_t>& groups, const std::string& name) {
    std::array<char, 16384> text{};
    group entry{};
    group* found = nullptr;
    if (::getgrnam_r(name.c_str(), &entry, text.data(), text.size(), &found) != 0 || !found) return false;
    return std::find(groups.begin(), groups.end(), entry.gr_gid) != groups.end();
}

}  // namespace

Access access_of(int socket, const std::vector<std::string>& observers) {
    ucred peer{};
    socklen_t size = sizeof peer;
    if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return Access::none;
    if (peer.uid == 0 || peer.uid == ::geteuid()) return Access::act;
    const auto groups = groups_of(peer);
    if (is_member(groups, "samsynk")) return Access::act;
    const bool observer =
        std::any_of(observers.begin(), observers.end(), [&](const auto& name) { return is_member(groups, name); });
    return observer ? Access::look : Access::none;
}

}  // namespace samsynk::control
