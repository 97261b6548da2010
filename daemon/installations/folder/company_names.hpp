// Which names in an installation's folder stand for a company, and which in a company's for a SIE file.
#pragma once

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>

namespace samsynk::installations {

inline constexpr const char* shared_folder = "Gemensamma filer";  ///< Visma Administration's own, no company

/// Names come from the file system or from what was found there; a request can't lead out of the root with one.
inline bool is_place(const std::string& name) {
    return !name.empty() && name.front() != '.' && name.find('/') == std::string::npos && name != shared_folder;
}

/// By its ending, in any letter case.
inline bool is_sie_name(std::string_view name) {
    const std::size_t dot = name.rfind('.');
    if (dot == std::string_view::npos || dot == 0) return false;
    std::string ending{name.substr(dot + 1)};
    std::transform(ending.begin(), ending.end(), ending.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return ending == "se" || ending == "si" || ending == "sie";
}

}  // namespace samsynk::installations
