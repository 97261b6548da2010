// All that is done in a folder is done by a name of one component, and no link is followed.
#include "posix/directory.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <fstream>

#include "posix/file_system.hpp"
#include "posix/small_file.hpp"

namespace samsynk::posix {
namespace {

namespace fs = std::filesystem;

class InAFolder : public testing::Test {
protected:
    InAFolder() {
        std::string pattern = (fs::temp_directory_path() / "samsynk-posix-XXXXXX").string();
        path_ = ::mkdtemp(pattern.data());
        folder_ = std::move(*Directory::open(path_));
    }
    ~InAFolder() override { fs::remove_all(path_); }

    void write(const std::string& name, const std::string& text) { std::ofstream{path_ / name} << text; }

    fs::path path_;
    std::optional<Directory> folder_;
};

TEST(Name, IsOneComponent) {
    for (const std::string& bad : std::vector<std::string>{"", ".", "..", "/", "a/b", "/a", "a/", "../a",
                                                           std::string{"a\0b", 3}, std::string(256, 'a')})
        EXPECT_FALSE(Name::of(bad)) << bad;
    for (const std::string good : {"a", "...", ".a", "a b", "Åkeriet AB", "a\\b"})
        EXPECT_EQ(Name::of(good)->text(), good);
}

TEST_F(InAFolder, LinksPipesAndFoldersAreNoOrdinaryFiles) {
    write("real", "text");
    fs::create_symlink("real", path_ / "link");
    fs::create_directory(path_ / "folder");
    ASSERT_EQ(::mkfifo((path_ / "pipe").c_str(), 0600), 0);
    EXPECT_EQ(*read_head(*folder_->open_file("real"_name), 100), "text");
    EXPECT_EQ(*read_head(*folder_->open_file("real"_name), 2), "te");
    for (const char* name : {"link", "folder", "pipe"})
        EXPECT_EQ(folder_->open_file(*Name::of(name)).error().value(), not_ordinary) << name;
    EXPECT_EQ(folder_->open_file("none"_name).error().value(), ENOENT);
}

TEST_F(InAFolder, AllIsReadAndWrittenAndFlushedInWhateverPiecesItComes) {
    const std::string text(200'000, 'x');
    {
        const auto fd = std::move(*folder_->stage("new"_name));
        EXPECT_TRUE(write_all(fd, text).has_value());
        EXPECT_TRUE(flush(fd).has_value());
    }
    const auto file = std::move(*folder_->open_file("new"_name));
    EXPECT_EQ(read_all(file.fd, 150'000)->size(), 150'000U);
    EXPECT_EQ(*read_all(file.fd, 1'000'000), text.substr(150'000)) << "from where it was";
    EXPECT_TRUE(flush(path_).has_value());
    EXPECT_EQ(flush(path_ / "none").error().value(), ENOENT);
    EXPECT_TRUE(flush(UniqueFd{::open("/dev/null", O_RDWR | O_CLOEXEC)}).has_value()) << "there is nothing to flush";
}

TEST_F(InAFolder, AFileSystemIsToldByItsKind) {
    EXPECT_EQ(file_system_of(path_).notifies, file_system_of(*folder_).notifies);
    const FileSystem away = file_system_of(path_ / "none");
    EXPECT_FALSE(away.notifies || away.folders_show_changes);
}

TEST_F(InAFolder, AFolderIsOpenedOnlyWhereItIsOne) {
    fs::create_directory(path_ / "folder");
    fs::create_directory_symlink("folder", path_ / "link");
    write("file", "");
    EXPECT_TRUE(folder_->open_below("folder"_name).has_value());
    for (const char* name : {"link", "file"}) {
        EXPECT_EQ(folder_->open_below(*Name::of(name)).error().value(), no_folder) << name;
        EXPECT_EQ(folder_->make_below(*Name::of(name)).error().value(), no_folder) << name;
    }
}

TEST_F(InAFolder, WhatIsHeldOpenStaysTheSameFolder) {
    fs::create_directory(path_ / "folder");
    fs::create_directory(path_ / "other");
    const auto held = folder_->open_below("folder"_name);
    fs::rename(path_ / "folder", path_ / "moved");
    fs::create_directory_symlink("other", path_ / "folder");
    ASSERT_TRUE(held->stage("new"_name).has_value());
    EXPECT_TRUE(fs::exists(path_ / "moved/new"));
    EXPECT_TRUE(fs::is_empty(path_ / "other"));
}

TEST_F(InAFolder, OnlyAFolderThatWasMadeIsChanged) {
    ASSERT_EQ(::chmod(path_.c_str(), 0751), 0);
    fs::create_directory(path_ / "there");
    ASSERT_EQ(::chmod((path_ / "there").c_str(), 0700), 0);
    EXPECT_EQ(folder_->make_below("there"_name)->status()->st_mode & 07777, mode_t{0700});
    EXPECT_EQ(folder_->make_below("made"_name)->status()->st_mode & 07777, mode_t{0751});
}

TEST_F(InAFolder, AFileThatIsReplacedKeepsItsAttributesButNoSpecialBits) {
    write("old", "");
    ASSERT_EQ(::chmod((path_ / "old").c_str(), 06754), 0);
    const bool attributes = ::setxattr((path_ / "old").c_str(), "user.DOSATTRIB", "0x20", 4, 0) == 0;
    const auto staged = folder_->stage("new"_name);
    give_as(*staged, *folder_->open_file("old"_name));
    EXPECT_EQ(folder_->status_of("new"_name)->st_mode & 07777, mode_t{0754});
    std::array<char, 8> value{};
    const ssize_t size = ::fgetxattr(staged->get(), "user.DOSATTRIB", value.data(), value.size());
    EXPECT_EQ(size, attributes ? 4 : -1);
}

// The owner rw, user 1 rw, the group r, the mask rw, others nothing, as the kernel keeps it.
TEST_F(InAFolder, AnAccessListGoesAlongAndTheGroupGetsNoMore) {
    const std::string list{
        "\2\0\0\0"
        "\1\0\6\0\377\377\377\377"
        "\2\0\6\0\1\0\0\0"
        "\4\0\4\0\377\377\377\377"
        "\20\0\6\0\377\377\377\377"
        "\40\0\0\0\377\377\377\377",
        44};
    write("old", "");
    const auto file = path_ / "old";
    if (::setxattr(file.c_str(), "system.posix_acl_access", list.data(), list.size(), 0) != 0)
        GTEST_SKIP() << "no access lists here";
    const auto staged = folder_->stage("new"_name);
    give_as(*staged, *folder_->open_file("old"_name));
    std::string kept(100, '\0');
    const ssize_t size = ::fgetxattr(staged->get(), "system.posix_acl_access", kept.data(), kept.size());
    ASSERT_EQ(size, static_cast<ssize_t>(list.size()));
    EXPECT_EQ(kept.substr(0, list.size()), list);
    EXPECT_EQ(folder_->status_of("new"_name)->st_mode & 0777, mode_t{0660});
}

}  // namespace
}  // namespace samsynk::posix
