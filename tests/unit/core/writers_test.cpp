// Who can change a file: its own rights, those of each folder above it, and of what a link leads to.
#include "core/writers.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

namespace samsynk {
namespace {

namespace fs = std::filesystem;

class WritersTest : public testing::Test {
protected:
    WritersTest() {
        fs::remove_all(folder);
        fs::create_directories(folder / "a/b");
        std::ofstream{file} << "x";
        for (const fs::path& one : {folder, folder / "a", folder / "a/b"}) ::chmod(one.c_str(), 0755);
        ::chmod(file.c_str(), 0644);
    }
    ~WritersTest() override { fs::remove_all(folder); }
    std::string opening(const fs::path& of) const {
        const auto found = opening_to(of, {0, ::geteuid()});
        return found ? found->path.string() : "";
    }

    const fs::path folder = fs::temp_directory_path() / ("samsynk-writers-" + std::to_string(::getpid()));
    const fs::path file = folder / "a/b/file";
};

TEST_F(WritersTest, OfWhatIsOursThereIsNone) {
    EXPECT_EQ(opening(file), "") << "below a sticky folder, too";
    EXPECT_EQ(opening("/"), "");
    EXPECT_EQ(opening("/usr/bin/env"), "");
    EXPECT_EQ(opening(folder / "nowhere/at/all"), "");
}

TEST_F(WritersTest, TheFileAndEachFolderAboveItCount) {
    for (const fs::path& one : {file, folder / "a/b", folder / "a", folder}) {
        struct stat before {};
        ASSERT_EQ(::stat(one.c_str(), &before), 0);
        ::chmod(one.c_str(), 0757);
        EXPECT_EQ(opening(file), one.string());
        ::chmod(one.c_str(), before.st_mode & 07777);
    }
    EXPECT_EQ(opening(file), "");
}

TEST_F(WritersTest, AStickyFolderIsSafeForWhatIsOurs) {
    ::chmod((folder / "a").c_str(), 01777);
    EXPECT_EQ(opening(file), "");
    if (::geteuid() != 0) GTEST_SKIP() << "needs root to give a folder away";
    ASSERT_EQ(::chown((folder / "a/b").c_str(), 65534, 65534), 0);
    EXPECT_EQ(opening(file), (folder / "a/b").string());
}

TEST_F(WritersTest, ALinkIsFollowed) {
    fs::create_symlink("a/b/file", folder / "link");
    EXPECT_EQ(opening(folder / "link"), "");
    ::chmod((folder / "a").c_str(), 0777);
    EXPECT_EQ(opening(folder / "link"), (folder / "a").string());
    fs::create_symlink("round", folder / "round");
    EXPECT_EQ(opening(folder / "round"), "") << "it has an end";
}

TEST_F(WritersTest, AnothersFileAndGroupCount) {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root to give a file away";
    ASSERT_EQ(::chown(file.c_str(), 65534, 0), 0);
    EXPECT_TRUE(opening_to(file, {0})->by_owner);
    EXPECT_FALSE(opening_to(file, {0, 65534}));
    ASSERT_EQ(::chown(file.c_str(), 0, 65534), 0);
    ::chmod(file.c_str(), 0664);
    EXPECT_FALSE(opening_to(file, {0})->by_owner);
    ASSERT_EQ(::chown(file.c_str(), 0, 0), 0);
    ::chmod(file.c_str(), 0664);
    EXPECT_FALSE(opening_to(file, {0})) << "the group root";
}

}  // namespace
}  // namespace samsynk
