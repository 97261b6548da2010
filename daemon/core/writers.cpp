#include "core/writers.hpp"

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <string>

namespace samsynk {
namespace {

namespace fs = std::filesystem;

constexpr int most_links = 40;

bool is_among(const std::vector<uid_t>& users, uid_t user) {
    return std::find(users.begin(), users.end(), user) != users.end();
}

// A group that is one trusted user's own, as many systems make one for each.
bool is_own_group(gid_t id, const std::vector<uid_t>& trusted) {
    if (id == 0) return true;
    const group* found = ::getgrgid(id);
    if (!found || (found->gr_mem && *found->gr_mem)) return false;
    const passwd* user = ::getpwnam(found->gr_name);
    return user && user->pw_gid == id && is_among(trusted, user->pw_uid);
}

bool others_may_write(const struct stat& status, const std::vector<uid_t>& trusted) {
    if ((status.st_mode & S_IWOTH) != 0) return true;
    return (status.st_mode & S_IWGRP) != 0 && !is_own_group(status.st_gid, trusted);
}

class Way {
public:
    explicit Way(const std::vector<uid_t>& trusted) : trusted_{trusted} {}

    std::optional<Opening> walk(const fs::path& file, int links = 0) {
        fs::path path;
        bool sticky = false;  // the folder that this part is taken from is one
        for (const auto& part : file) {
            if (part.empty() || part == ".") continue;
            path /= part;
            struct stat status {};
            if (::lstat(path.c_str(), &status) != 0) return std::nullopt;
            const bool is_link = S_ISLNK(status.st_mode);
            if (!is_among(trusted_, status.st_uid) && (sticky || !is_link)) return Opening{path, true};
            if (is_link) {
                if (links == most_links) return std::nullopt;
                std::error_code code;
                const fs::path target = fs::read_symlink(path, code);
                if (auto found = walk(path.parent_path() / target, links + 1)) return found;
                if (::stat(path.c_str(), &status) != 0) return std::nullopt;
            }
            sticky = S_ISDIR(status.st_mode) && (status.st_mode & S_ISVTX) != 0;
            if (!sticky && others_may_write(status, trusted_)) return Opening{path, false};
        }
        return std::nullopt;
    }

private:
    const std::vector<uid_t>& trusted_;
};

}  // namespace

std::vector<uid_t> trusted_users() {
    std::vector<uid_t> users{0, ::geteuid()};
    if (const passwd* service = ::getpwnam("samsynk")) users.push_back(service->pw_uid);
    return users;
}

std::optional<Opening> opening_to(const fs::path& file, const std::vector<uid_t>& trusted) {
    return Way{trusted}.walk(fs::absolute(file));
}

}  // namespace samsynk
