// Files of a company folder in the tests, as other programs write them.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

#include "installations/folder/atomic_file.hpp"

namespace samsynk::installations {

inline std::string content_of(const std::filesystem::path& file) {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}
inline void write(const std::filesystem::path& file, const std::string& text) {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream{file, std::ios::binary} << text;
}

/// As the connector does it, in a folder that is there.
inline Result<void> replace(const std::filesystem::path& file, std::optional<std::string> expected,
                            const std::string& content) {
    const auto folder = posix::Directory::open(file.parent_path());
    if (folder.has_error()) return write_error(file, folder.error().value());
    return replace_files({{&*folder, *posix::Name::of(file.filename().string()), file, std::move(expected), content}})
        .front();
}

}  // namespace samsynk::installations
