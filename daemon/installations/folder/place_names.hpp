// Names in an installation's folder: which stand for a company, and which in a company's for a SIE file; and the two
// forms that Unicode has for å, ä and ö: a folder that was made on a Mac, or a share that is mounted another way, shows
// the same name in other bytes.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "posix/directory.hpp"

namespace samsynk::installations {

/// Names come from the file system or from what was found there; a request can't lead out of the root with one. What
/// disks, file servers and systems make for themselves is no company, and no trouble.
bool is_place(std::string_view name);

/// `._bok.se` of Macs, `~$bok.se` of programs that have it open.
bool is_hidden(std::string_view name);

/// By its ending, in any letter case. What is hidden was not meant to be read.
bool has_sie_ending(std::string_view name);
bool is_sie_name(std::string_view name);

/// The path as it stands on disk, where it does in one of the two forms; else as it was given.
std::filesystem::path on_disk(const std::filesystem::path& path);

/// Which folder a place is. A place is the composed form of the folder's name, so that it stays the same company in
/// whichever form the name is shown; where both forms stand side by side, each is a place of its own.
class PlaceNames {
public:
    /// `folders`: all that there are. Returns their places, in order.
    std::vector<std::string> take(std::vector<std::string> folders);
    const std::string& folder_of(const std::string& place) const;
    std::string place_of(const std::string& folder) const;

private:
    std::map<std::string, std::string> folders_;  ///< by place: those that are called otherwise
};

/// The names of the folders under `root` that may hold a company, also links; not those that a pattern in `passed_over`
/// fits. Error installation_offline.
Result<std::vector<std::string>> company_folders(const posix::Directory& root, const std::filesystem::path& shown,
                                                 const std::vector<std::string>& passed_over);
Error root_offline(const std::filesystem::path& root, const std::string& why);

}  // namespace samsynk::installations
