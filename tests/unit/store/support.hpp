// What the store's tests share: a folder of their own, and values in short.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "sync/memory.hpp"

namespace samsynk::store {

class Folder {
public:
    Folder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "samsynk-store-XXXXXX").string();
        path_ = ::mkdtemp(pattern.data());
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    const std::filesystem::path& path() const { return path_; }
    std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

private:
    std::filesystem::path path_;
};

inline OrgNumber company(int n = 0) {
    static constexpr const char* numbers[] = {"5560160680", "5562651892", "0001011238", "8001011231", "5561234567"};
    return *OrgNumber::parse(numbers[n]);
}

inline sync::Commit with_cursor(const std::string& cursor) {
    sync::Commit commit;
    commit.cursor = cursor;
    return commit;
}

inline std::string content_of(const std::filesystem::path& file) {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

inline void put_content(const std::filesystem::path& file, const std::string& content) {
    std::ofstream{file, std::ios::binary} << content;
}

}  // namespace samsynk::store
