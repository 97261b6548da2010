// A file that somebody else is in the middle of writing, or that can't be read for a while.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "installations/folder/folder_books.hpp"

namespace samsynk::installations {
namespace {

namespace fs = std::filesystem;

class InUse : public testing::Test {
protected:
    InUse() {
        fs::create_directories(file_.parent_path());
        put(root_ / "bolag/bok.se", "#FLAGGA 0\n#ORGNR 556016-0680\n#FNAMN X\n");
    }
    ~InUse() override { fs::remove_all(root_); }

    // As it stood long ago, so that what was read of it may be kept.
    void put(const fs::path& file, const std::string& text) {
        std::ofstream{file} << text;
        age(file);
    }
    void age(const fs::path& file) {
        fs::last_write_time(file, fs::file_time_type::clock::now() - std::chrono::hours{1});
    }
    sync::LocalCompany scan() { return **books_.scan()->begin(); }
    Errc write(sync::Choice from, bool to) {
        const auto results = books_.write_preferences(
            {{"bolag", *OrgNumber::parse("5560160680"), sync::Preference::receive_invoices, from, to}});
        return results.front().has_error() ? results.front().error().code : Errc{};
    }

    static fs::path made() {
        std::string pattern = (fs::temp_directory_path() / "samsynk-use-XXXXXX").string();
        return ::mkdtemp(pattern.data());
    }

    fs::path root_ = made(), file_ = root_ / "bolag/samsynk/preferences.yaml";
    FolderBooks books_{root_};
};

TEST_F(InUse, AFileThatWasJustCutOffIsNoAbsenceOfAChoice) {
    put(file_, "receive_invoices: true\n");
    EXPECT_EQ(scan().preferences.receive_invoices, true);
    std::ofstream theirs{file_, std::ios::trunc};
    const sync::LocalCompany found = scan();
    ASSERT_TRUE(found.trouble);
    EXPECT_EQ(found.trouble->code, Errc::busy);
    EXPECT_EQ(write(std::nullopt, true), Errc::busy);
    theirs << "receive_invoices: false\n" << std::flush;
    EXPECT_EQ(scan().preferences.receive_invoices, false);
}

TEST_F(InUse, AFileThatStaysEmptyHoldsNoChoice) {
    put(file_, "");
    EXPECT_FALSE(scan().trouble);
    EXPECT_EQ(write(std::nullopt, true), Errc{});
    EXPECT_EQ(scan().preferences.receive_invoices, true);
}

TEST_F(InUse, WhatCouldNotBeReadIsReadAgainThoughTheFileHasNotChanged) {
    put(file_, "receive_invoices: true\n");
    fs::permissions(root_, fs::perms{0755});
    fs::permissions(file_, fs::perms::none);
    const bool root = ::geteuid() == 0;  // who may read everything
    if (root) {
        ASSERT_EQ(::seteuid(65534), 0);
    }
    const sync::LocalCompany before = scan();
    if (root) {
        ASSERT_EQ(::seteuid(0), 0);
    }
    fs::permissions(file_, fs::perms{0644});
    ASSERT_TRUE(before.trouble);
    EXPECT_EQ(before.trouble->code, Errc::unreadable);
    EXPECT_EQ(scan().preferences.receive_invoices, true);
}

}  // namespace
}  // namespace samsynk::installations
