#include "installations/folder/place_names.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <set>

#include "core/company_name.hpp"
#include "installations/folder/company_names.hpp"
#include "installations/folder/open_folder.hpp"

namespace samsynk::installations {
namespace {

namespace fs = std::filesystem;

// Also a link, which is not followed, but told of.
bool may_be_folder(int root, const dirent& entry) {
    if (entry.d_type == DT_DIR || entry.d_type == DT_LNK) return true;
    struct stat status {};
    return entry.d_type == DT_UNKNOWN && ::fstatat(root, entry.d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
           (S_ISDIR(status.st_mode) || S_ISLNK(status.st_mode));
}

}  // namespace

fs::path on_disk(const fs::path& path) {
    std::error_code code;
    if (fs::exists(path, code)) return path;
    fs::path found;
    for (const fs::path& part : path) {
        if (found.empty() || fs::exists(found / part, code)) {
            found /= part;
            continue;
        }
        const std::string wanted = composed(part.string());
        fs::path same;
        for (fs::directory_iterator at{found, code}, end; !code && at != end; at.increment(code))
            if (composed(at->path().filename().string()) == wanted) same = at->path();
        if (same.empty()) return path;
        found = std::move(same);
    }
    return found;
}

std::vector<std::string> PlaceNames::take(std::vector<std::string> folders) {
    folders_.clear();
    std::sort(folders.begin(), folders.end());
    std::set<std::string> taken;
    for (std::string& folder : folders) {
        std::string place = composed(folder);
        if (place == folder) continue;
        if (std::binary_search(folders.begin(), folders.end(), place) || !taken.insert(place).second) continue;
        folders_.emplace(place, std::move(folder));
        folder = std::move(place);
    }
    if (!folders_.empty()) std::sort(folders.begin(), folders.end());
    return folders;
}

const std::string& PlaceNames::folder_of(const std::string& place) const {
    if (folders_.empty()) return place;
    const auto at = folders_.find(place);
    return at == folders_.end() ? place : at->second;
}

std::string PlaceNames::place_of(const std::string& folder) const {
    if (folders_.empty()) return folder;
    const auto at = folders_.find(composed(folder));
    return at != folders_.end() && at->second == folder ? at->first : folder;
}

Result<std::vector<std::string>> company_folders(const fs::path& root) {
    const auto offline = [&](const std::string& why) {
        return fail(Errc::installation_offline,
                    N_("{path} can't be reached ({why}). Nothing is changed until it is back. Check that the share is "
                       "mounted."),
                    {{"path", root.string()}, {"why", why}});
    };
    const Folder folder{::opendir(root.c_str())};
    if (!folder) return offline(std::strerror(errno));
    std::vector<std::string> names;
    errno = 0;
    while (const dirent* entry = ::readdir(folder.get())) {
        std::string name = entry->d_name;
        if (is_place(name) && may_be_folder(::dirfd(folder.get()), *entry)) names.push_back(std::move(name));
        errno = 0;
    }
    if (errno != 0) return offline(std::strerror(errno));
    if (names.empty()) return offline("no company folders");
    return names;
}

}  // namespace samsynk::installations
