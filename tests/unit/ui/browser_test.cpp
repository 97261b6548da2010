#include "ui/browser.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

namespace samsynk::ui {
namespace {

namespace fs = std::filesystem;

unsigned mode_of(const fs::path& path) {
    struct stat found {};
    EXPECT_EQ(::stat(path.c_str(), &found), 0) << path;
    return found.st_mode & 07777U;
}

class LeadingPageTest : public testing::Test {
protected:
    LeadingPageTest() {
        fs::create_directory(folder);
        fs::permissions(folder, fs::perms::owner_all);
        ::setenv("XDG_RUNTIME_DIR", folder.c_str(), 1);
        ::setenv("TMPDIR", fs::temp_directory_path().c_str(), 1);
        ::umask(0);  // whatever the person's is
    }
    ~LeadingPageTest() override {
        ::unsetenv("XDG_RUNTIME_DIR");
        fs::remove_all(folder);
    }
    fs::path folder = fs::temp_directory_path() / ("leading-" + std::to_string(::getpid()));
};

TEST_F(LeadingPageTest, LeadsToTheAddressAndIsForItsOwnerOnly) {
    fs::path file;
    {
        LeadingPage page;
        ASSERT_TRUE(page.write("http://127.0.0.1:1/#key"));
        file = page.file();
        EXPECT_EQ(file.parent_path(), folder);
        EXPECT_EQ(file.extension(), ".html");
        EXPECT_EQ(mode_of(file), 0600U);
        std::ifstream in{file};
        const std::string text{std::istreambuf_iterator<char>{in}, {}};
        EXPECT_NE(text.find("content=\"0; url=http://127.0.0.1:1/#key\""), std::string::npos);
        EXPECT_EQ(file.string().find("key"), std::string::npos);
    }
    EXPECT_FALSE(fs::exists(file));
    EXPECT_TRUE(fs::exists(folder));
}

TEST_F(LeadingPageTest, AFolderThatIsNotTheirsAloneIsNotUsed) {
    fs::permissions(folder, fs::perms::owner_all | fs::perms::group_exec);
    LeadingPage page;
    ASSERT_TRUE(page.write("http://127.0.0.1:1/#key"));
    const fs::path made = page.file().parent_path();
    EXPECT_NE(made, folder);
    EXPECT_EQ(mode_of(made), 0700U);
    EXPECT_EQ(mode_of(page.file()), 0600U);
    page.remove();
    EXPECT_FALSE(fs::exists(made));
    page.remove();
}

TEST_F(LeadingPageTest, NeitherIsALinkToOne) {
    const fs::path link = folder.string() + "-link";
    fs::create_symlink(folder, link);
    ::setenv("XDG_RUNTIME_DIR", link.c_str(), 1);
    LeadingPage page;
    ASSERT_TRUE(page.write("x"));
    EXPECT_NE(page.file().parent_path(), link);
    fs::remove(link);
}

TEST(Browser, IsNotOpenedForRootOrWithoutADisplay) {
    ::unsetenv("WAYLAND_DISPLAY");
    ::unsetenv("DISPLAY");
    EXPECT_FALSE(can_open_browser());
    ::setenv("DISPLAY", ":0", 1);
    EXPECT_EQ(can_open_browser(), ::geteuid() != 0);
    ::unsetenv("DISPLAY");
}

TEST(Browser, ThatIsNotThereIsTold) {
    const std::string path = ::getenv("PATH");
    ::setenv("PATH", "/nonexistent", 1);
    EXPECT_FALSE(open_in_browser("/tmp/x.html"));
    ::setenv("PATH", path.c_str(), 1);
}

}  // namespace
}  // namespace samsynk::ui
