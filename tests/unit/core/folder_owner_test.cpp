#include "core/folder_owner.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

namespace samsynk {
namespace {

namespace fs = std::filesystem;

TEST(FolderOwner, IsTheFirstOnTheWayWhoIsNotRoot) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root acts as another";
    const fs::path folder = fs::temp_directory_path() / ("samsynk-owner-" + std::to_string(::getpid()));
    fs::create_directories(folder / "state/deeper");
    EXPECT_FALSE(owner_to_act_as(folder / "state/deeper"));
    ASSERT_EQ(::chown((folder / "state").c_str(), 65534, 65534), 0);
    for (const char* name : {"state", "state/deeper", "state/not/made/yet"}) {
        const auto owner = owner_to_act_as(folder / name);
        ASSERT_TRUE(owner) << name;
        EXPECT_EQ(owner->user, 65534U);
    }
    fs::create_symlink("/root", folder / "state/link");
    ASSERT_EQ(::lchown((folder / "state/link").c_str(), 65534, 65534), 0);
    EXPECT_TRUE(owner_to_act_as(folder / "state/link")) << "a link to root's folder, laid by another";
    fs::remove_all(folder);
}

TEST(FolderOwner, ANumberWithoutANameWillDo) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root acts as another";
    const fs::path folder = fs::temp_directory_path() / ("samsynk-nameless-" + std::to_string(::getpid()));
    fs::create_directories(folder);
    ASSERT_EQ(::chown(folder.c_str(), 54321, 54321), 0);
    const auto owner = owner_to_act_as(folder);
    ASSERT_TRUE(owner);
    EXPECT_EQ(owner->name, "54321");
    EXPECT_EQ(owner->group, 54321U);
    fs::remove_all(folder);
}

}  // namespace
}  // namespace samsynk
