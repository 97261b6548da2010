// Files of every kind in the place of those that the daemon reads and replaces.
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>

#include <array>
#include <cstdlib>

#include "attacks/company_of_mallory.hpp"

namespace samsynk::installations {
namespace {

namespace fs = std::filesystem;

class Files : public CompanyOfMallory {
protected:
    fs::path preferences() const { return own() / "preferences.yaml"; }
};

TEST_F(Files, NoBitButThoseOfTheModeIsKept) {
    for (const mode_t special : {04000, 02000, 01000, 07000}) {
        write(preferences(), "receive_invoices: false\n");
        ASSERT_EQ(::chmod(preferences().c_str(), special | 0755), 0);
        ASSERT_TRUE(choose(false, true).has_value());
        EXPECT_EQ(mode_of(preferences()), mode_t{0755});
    }
}

TEST_F(Files, NoBitOfAFolderIsCopied) {
    ASSERT_EQ(::chmod(hers().c_str(), 05777), 0);
    ASSERT_TRUE(choose(std::nullopt, true).has_value());
    EXPECT_EQ(mode_of(own()), mode_t{0777});
    EXPECT_EQ(mode_of(preferences()), mode_t{0666});
}

TEST_F(Files, AHardLinkToAnothersFileIsReplacedNotWritten) {
    fs::create_directories(own());
    fs::create_hard_link(victims() / "samsynk/preferences.yaml", preferences());
    ASSERT_EQ(::chmod(preferences().c_str(), 0640), 0);
    ASSERT_TRUE(choose(std::nullopt, true).has_value());
    expect_that_nothing_was_reached();
    EXPECT_EQ(mode_of(victims() / "samsynk/preferences.yaml"), mode_t{0640});
    EXPECT_NE(content_of(preferences()), victims_text_);
}

TEST_F(Files, APipeHangsNobody) {
    fs::create_directories(own());
    const auto began = std::chrono::steady_clock::now();
    for (const fs::path& file : std::array{preferences(), own() / "company.yaml", own() / "collaboration.yaml",
                                           own() / ".samsynk-preferences.yaml.new", hers() / "bok.se"}) {
        fs::remove(file);
        ASSERT_EQ(::mkfifo(file.c_str(), 0666), 0);
        (void)books_.scan();
        (void)read_hers();
        (void)choose(std::nullopt, true);
        (void)tell("Bolag AB");
        (void)books_.identity_trail("Mallory");
        fs::remove(file);
        fs::remove(preferences());
        lay(hers(), "556016-0680");
    }
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds{10});
    ASSERT_EQ(::mkfifo(preferences().c_str(), 0666), 0);
    EXPECT_EQ(read_hers().trouble->code, Errc::unreadable);
    expect_that_nothing_was_reached();
}

TEST_F(Files, APipeInPlaceOfAFolderHangsNobody) {
    ASSERT_EQ(::mkfifo(own().c_str(), 0666), 0);
    EXPECT_EQ(read_hers().trouble->code, Errc::unreadable);
    EXPECT_TRUE(choose(std::nullopt, true).has_error());
}

// Looks at a file system of its own mounted on `where`, in a process with mounts of its own. Nothing: not permitted.
std::optional<bool> where_mounted(const fs::path& where, const std::function<bool()>& look) {
    const pid_t child = ::fork();
    if (child == 0) {
        if (::unshare(CLONE_NEWNS) != 0 || ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
            ::mount("tmpfs", where.c_str(), "tmpfs", 0, "size=1m") != 0)
            ::_exit(2);
        ::_exit(look() ? 0 : 1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 2) return std::nullopt;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

// Skipped for who may not mount, but never in CI.
void not_mounted() {
    if (std::getenv("CI")) FAIL() << "nothing could be mounted";
    GTEST_SKIP() << "nothing may be mounted here";
}

TEST_F(Files, WhatIsMountedBelowACompanysFolderIsRefused) {
    fs::create_directories(own());
    const auto refused = where_mounted(own(), [&] {
        const auto company = read_hers();
        const auto written = choose(std::nullopt, true);
        return company.trouble && company.trouble->code == Errc::unreadable && written.has_error() &&
               fs::is_empty(own());
    });
    if (!refused) return not_mounted();
    EXPECT_TRUE(*refused);
}

TEST_F(Files, ACompanysFolderMayBeAFileSystemOfItsOwn) {
    const auto works = where_mounted(hers(), [&] {
        lay(hers(), "556016-0680");
        return !read_hers().trouble && choose(std::nullopt, true).has_value();
    });
    if (!works) return not_mounted();
    EXPECT_TRUE(*works);
}

}  // namespace
}  // namespace samsynk::installations
