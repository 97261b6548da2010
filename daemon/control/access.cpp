#include "control/access.hpp"

#include <grp.h>
#include <pwd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>

namespace samsynk::control {
namespace {

struct User {
    std::string name;
    std::vector<gid_t> groups;
};

User user_of(const ucred& peer) {
    User user{std::to_string(peer.uid), {peer.gid}};
    std::array<char, 4096> text{};
    passwd entry{};
    passwd* found = nullptr;
    if (::getpwuid_r(peer.uid, &entry, text.data(), text.size(), &found) != 0 || !found) return user;
    user.name = entry.pw_name;
    int count = 64;
    std::vector<gid_t> more(static_cast<std::size_t>(count));
    if (::getgrouplist(entry.pw_name, peer.gid, more.data(), &count) >= 0)
        user.groups.assign(more.begin(), more.begin() + count);
    return user;
}

bool is_member(const std::vector<gid_t>& groups, const std::string& name) {
    std::array<char, 16384> text{};
    group entry{};
    group* found = nullptr;
    if (::getgrnam_r(name.c_str(), &entry, text.data(), text.size(), &found) != 0 || !found) return false;
    return std::find(groups.begin(), groups.end(), entry.gr_gid) != groups.end();
}

}  // namespace

Peer peer_of(int socket, const std::vector<std::string>& observers) {
    ucred peer{};
    socklen_t size = sizeof peer;
    if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0)
        return {Access::none, "?", static_cast<uid_t>(-1), false};
    const User user = user_of(peer);
    const bool trusted = peer.uid == 0 || peer.uid == ::geteuid();
    if (trusted || is_member(user.groups, "samsynk")) return {Access::act, user.name, peer.uid, trusted};
    const bool observer =
        std::any_of(observers.begin(), observers.end(), [&](const auto& name) { return is_member(user.groups, name); });
    return {observer ? Access::look : Access::none, user.name, peer.uid, false};
}

}  // namespace samsynk::control
