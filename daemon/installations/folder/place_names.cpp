#include "installations/folder/place_names.hpp"

#include <dirent.h>
#include <fnmatch.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <set>

#include "core/company_name.hpp"
#include "core/text.hpp"

namespace samsynk::installations {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view shared_folder = "Gemensamma filer";  // Visma Administration's own, no company

// In small letters.
constexpr std::array systems_folders{"lost+found",
                                     "system volume information",
                                     "recycler",
                                     "recycled",
                                     "found.000",
                                     "@eadir",
                                     "#recycle",
                                     "@recycle",
                                     "@recently-snapshot",
                                     "#snapshot",
                                     "~snapshot",
                                     "__macosx",
                                     "network trash folder",
                                     "temporary items",
                                     "thevolumesettingsfolder",
                                     "dfsrprivate"};

bool is_systems_folder(std::string_view name) {
    if (name.starts_with('$')) return true;  // $RECYCLE.BIN
    return std::find(systems_folders.begin(), systems_folders.end(), lower_case(std::string{name})) !=
           systems_folders.end();
}

// Also a link, which is not followed, but told of.
bool may_be_folder(const posix::Directory& root, const posix::Entry& entry) {
    if (entry.type == DT_DIR || entry.type == DT_LNK) return true;
    const auto name = posix::Name::of(entry.name);
    if (entry.type != DT_UNKNOWN || !name) return false;
    const auto status = root.status_of(*name);
    return status.has_value() && (S_ISDIR(status->st_mode) || S_ISLNK(status->st_mode));
}

}  // namespace

bool is_place(std::string_view name) {
    return !name.empty() && name.front() != '.' && name.find('/') == std::string_view::npos && name != shared_folder &&
           !is_systems_folder(name);
}

bool is_hidden(std::string_view name) { return name.starts_with('.') || name.starts_with("~$"); }

bool has_sie_ending(std::string_view name) {
    const std::size_t dot = name.rfind('.');
    if (dot == std::string_view::npos || dot == 0) return false;
    const std::string ending = lower_case(std::string{name.substr(dot + 1)});
    return ending == "se" || ending == "si" || ending == "sie";
}

bool is_sie_name(std::string_view name) { return has_sie_ending(name) && !is_hidden(name); }

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

Result<std::vector<std::string>> company_folders(const posix::Directory& root, const fs::path& shown,
                                                 const std::vector<std::string>& passed_over) {
    const auto is_passed_over = [&](const std::string& name) {
        return std::any_of(passed_over.begin(), passed_over.end(), [&](const std::string& pattern) {
            return ::fnmatch(pattern.c_str(), name.c_str(), FNM_CASEFOLD) == 0;
        });
    };
    auto entries = root.list();
    if (entries.has_error()) return root_offline(shown, std::strerror(entries.error().value()));
    std::vector<std::string> names;
    for (posix::Entry& entry : *entries)
        if (is_place(entry.name) && !is_passed_over(entry.name) && may_be_folder(root, entry))
            names.push_back(std::move(entry.name));
    if (names.empty()) return root_offline(shown, "no company folders");
    return names;
}

Error root_offline(const fs::path& root, const std::string& why) {
    return fail(Errc::installation_offline,
                N_("{path} can't be reached ({why}). Nothing is changed until it is back. Check that the share is "
                   "mounted."),
                {{"path", root.string()}, {"why", why}});
}

}  // namespace samsynk::installations
