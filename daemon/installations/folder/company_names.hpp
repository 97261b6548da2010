// Which names in an installation's folder stand for a company, and which in a company's for a SIE file.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "core/text.hpp"

namespace samsynk::installations {

inline constexpr const char* shared_folder = "Gemensamma filer";  ///< Visma Administration's own, no company

/// What disks, file servers and systems make for themselves, in small letters.
inline constexpr std::array systems_folders{"lost+found",
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

/// `$RECYCLE.BIN`, `@eaDir`, `lost+found`: no company, and no trouble.
inline bool is_systems_folder(std::string_view name) {
    if (name.starts_with('$')) return true;
    return std::find(systems_folders.begin(), systems_folders.end(), lower_case(std::string{name})) !=
           systems_folders.end();
}

/// Names come from the file system or from what was found there; a request can't lead out of the root with one.
inline bool is_place(const std::string& name) {
    return !name.empty() && name.front() != '.' && name.find('/') == std::string::npos && name != shared_folder &&
           !is_systems_folder(name);
}

/// `._bok.se` of Macs, `~$bok.se` of programs that have it open.
inline bool is_hidden(std::string_view name) { return name.starts_with('.') || name.starts_with("~$"); }

/// By its ending, in any letter case. What is hidden was not meant to be read.
inline bool has_sie_ending(std::string_view name) {
    const std::size_t dot = name.rfind('.');
    if (dot == std::string_view::npos || dot == 0) return false;
    const std::string ending = lower_case(std::string{name.substr(dot + 1)});
    return ending == "se" || ending == "si" || ending == "sie";
}
inline bool is_sie_name(std::string_view name) { return has_sie_ending(name) && !is_hidden(name); }

}  // namespace samsynk::installations
