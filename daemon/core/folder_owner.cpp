#include "core/folder_owner.hpp"

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace samsynk {
namespace {

// Of a link both count: who made it chose where it leads.
std::optional<struct stat> others_at(const std::filesystem::path& path) {
    struct stat status {};
    if (::lstat(path.c_str(), &status) == 0 && status.st_uid != 0) return status;
    if (::stat(path.c_str(), &status) == 0 && status.st_uid != 0) return status;
    return std::nullopt;
}

}  // namespace

std::optional<FolderOwner> owner_to_act_as(const std::filesystem::path& folder) {
    if (::geteuid() != 0) return std::nullopt;
    std::filesystem::path path;
    for (const auto& part : folder) {
        path /= part;
        const auto status = others_at(path);
        if (!status) continue;
        const passwd* user = ::getpwuid(status->st_uid);
        return FolderOwner{user ? user->pw_name : std::to_string(status->st_uid), status->st_uid,
                           user ? user->pw_gid : status->st_gid};
    }
    return std::nullopt;
}

Result<void> become(const FolderOwner& owner) {
    if (::initgroups(owner.name.c_str(), owner.group) == 0 && ::setgid(owner.group) == 0 && ::setuid(owner.user) == 0)
        return {};
    return fail(Errc::state_failed, N_("This can't be done as the user {user}, who owns the state ({why})."),
                {{"user", owner.name}, {"why", std::strerror(errno)}});
}

}  // namespace samsynk
