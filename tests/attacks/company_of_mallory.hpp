// Two companies in one folder: Mallory may write in hers, and tries to reach the other and what is elsewhere.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <thread>

#include "installations/folder/folder_books.hpp"

namespace samsynk::installations {

inline constexpr std::chrono::seconds time_of_an_attack{4};

class CompanyOfMallory : public testing::Test {
protected:
    CompanyOfMallory() {
        lay(hers(), "556016-0680");
        lay(victims(), "556036-0793");
        std::filesystem::permissions(hers(), std::filesystem::perms{0777});
        write(victims() / "samsynk/preferences.yaml", victims_text_);
        std::filesystem::create_directory(secret());
        write(secret() / "token.json", "secret");
        std::filesystem::permissions(secret(), std::filesystem::perms{0700});
        std::filesystem::permissions(secret() / "token.json", std::filesystem::perms{0600});
    }
    ~CompanyOfMallory() override { std::filesystem::remove_all(top_); }

    static std::filesystem::path new_folder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "samsynk-attack-XXXXXX").string();
        return ::mkdtemp(pattern.data());
    }
    std::filesystem::path root() const { return top_ / "books"; }
    std::filesystem::path hers() const { return root() / "Mallory"; }
    std::filesystem::path own() const { return hers() / "samsynk"; }
    std::filesystem::path victims() const { return root() / "Victim"; }
    std::filesystem::path secret() const { return top_ / "state"; }

    static void write(const std::filesystem::path& file, const std::string& text) {
        std::filesystem::create_directories(file.parent_path());
        std::ofstream{file, std::ios::binary} << text;
    }
    static std::string content_of(const std::filesystem::path& file) {
        std::ifstream in{file, std::ios::binary};
        return {std::istreambuf_iterator<char>{in}, {}};
    }
    static mode_t mode_of(const std::filesystem::path& file) {
        struct stat status {};
        return ::lstat(file.c_str(), &status) == 0 ? status.st_mode & 07777 : 0;
    }
    static std::ptrdiff_t entries_in(const std::filesystem::path& folder) {
        return std::distance(std::filesystem::directory_iterator{folder}, {});
    }
    static void lay(const std::filesystem::path& folder, const std::string& number) {
        write(folder / "bok.se", "#FLAGGA 0\n#FNAMN \"Bolag AB\"\n#ORGNR " + number + "\n");
    }

    sync::LocalCompany read_hers() { return **books_.read("Mallory"); }
    Result<void> choose(sync::Choice from, bool to) {
        return books_.write_preferences({{"Mallory", number_, sync::Preference::receive_invoices, from, to}}).front();
    }
    Result<void> tell(const std::string& name) {
        const sync::Notice notice{.company = number_, .name = name};
        return books_.write_notices({{"Mallory", notice}}).front();
    }

    /// Mallory works in a loop for as long as the daemon does.
    void while_mallory(const std::function<void()>& does, const std::function<void()>& daemon_works) {
        std::atomic<bool> over{false};
        std::thread mallory{[&] {
            while (!over) does();
        }};
        const auto until = std::chrono::steady_clock::now() + time_of_an_attack;
        while (std::chrono::steady_clock::now() < until) daemon_works();
        over = true;
        mallory.join();
    }

    void expect_that_nothing_was_reached() {
        EXPECT_EQ(mode_of(secret()), mode_t{0700});
        EXPECT_EQ(mode_of(secret() / "token.json"), mode_t{0600});
        EXPECT_EQ(entries_in(secret()), 1);
        EXPECT_EQ(content_of(victims() / "samsynk/preferences.yaml"), victims_text_);
        EXPECT_EQ(entries_in(victims() / "samsynk"), 1);
    }

    const std::string victims_text_ = "send_all_invoices: true\n";
    const OrgNumber number_ = OrgNumber::parse("5560160680").value();
    const std::filesystem::path top_ = new_folder();
    FolderBooks books_{top_ / "books"};
};

}  // namespace samsynk::installations
