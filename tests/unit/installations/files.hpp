// Files of a company folder in the tests, as other programs write them.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace samsynk::installations {

inline std::string content_of(const std::filesystem::path& file) {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}
inline void write(const std::filesystem::path& file, const std::string& text) {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream{file, std::ios::binary} << text;
}

}  // namespace samsynk::installations
