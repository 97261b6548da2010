// The sign-in on disk, cut off at every step. The whole daemon is cut off in tests/system/test_signin_cut_off.py.
#include "service/signin/token_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <set>

namespace samsynk::service {
namespace {

namespace fs = std::filesystem;

struct Cut {};

class Folder {
public:
    Folder() {
        std::string pattern = (fs::temp_directory_path() / "samsynk-token.XXXXXX").string();
        path_ = ::mkdtemp(pattern.data());
    }
    ~Folder() { fs::remove_all(path_); }
    fs::path signin() const { return path_ / "state" / "signin"; }

private:
    fs::path path_;
};

Kept kept_with(const std::string& token, const std::string& previous, std::uint64_t generation) {
    return {.issuer = "https://id.example",
            .client_id = "samsynk",
            .refresh_token = token,
            .previous = previous,
            .expires_at = Time{std::chrono::seconds{1'793'000'000}},
            .seed = "s",
            .generation = generation};
}

unsigned mode_of(const fs::path& path) {
    struct stat status {};
    EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
    return status.st_mode & 0777;
}

TEST(TokenFile, KeepsWhatItIsGivenForItsUserAlone) {
    const Folder folder;
    TokenFile file{folder.signin()};
    EXPECT_EQ(file.load().value(), std::nullopt);
    ASSERT_TRUE(file.save(kept_with("r1", "r0", 3)).has_value());
    EXPECT_EQ(TokenFile{folder.signin()}.load().value(), kept_with("r1", "r0", 3));
    EXPECT_EQ(mode_of(folder.signin()), 0700U);
    EXPECT_EQ(mode_of(file.path()), 0600U);
    fs::permissions(folder.signin(), fs::perms{0755});
    ASSERT_TRUE(file.save(kept_with("r2", "r1", 4)).has_value());
    EXPECT_EQ(mode_of(folder.signin()), 0700U) << "mended where someone opened it";
}

TEST(TokenFile, WhatMakesNoSenseIsAnErrorAndNotAbsence) {
    const Folder folder;
    TokenFile file{folder.signin()};
    ASSERT_TRUE(file.save(kept_with("r1", "", 1)).has_value());
    for (const char* text : {"", "{", "[]", R"({"version":99})", "\xff\xfe"}) {
        std::ofstream{file.path()} << text;
        const auto loaded = file.load();
        ASSERT_TRUE(loaded.has_error()) << text;
        EXPECT_EQ(loaded.error().code, Errc::sign_in_failed);
    }
    ASSERT_TRUE(file.save(kept_with("r2", "", 2)).has_value()) << "a new sign-in replaces it";
    EXPECT_EQ(file.load().value(), kept_with("r2", "", 2));
}

TEST(TokenFile, ASaveThatIsCutOffLeavesTheOldOneOrTheNewOneWhole) {
    std::set<std::string> steps, outcomes;
    for (int cut_at = 0;; ++cut_at) {
        const Folder folder;
        const bool had_one = cut_at % 2 == 0;
        if (had_one) {
            ASSERT_TRUE(TokenFile{folder.signin()}.save(kept_with("r1", "r0", 1)).has_value());
        }
        int step = 0;
        std::string cut_before;
        TokenFile file{folder.signin(), [&](const char* name) {
                           steps.insert(name);
                           cut_before = name;
                           if (step++ == cut_at / 2) throw Cut{};
                       }};
        bool cut = false;
        try {
            ASSERT_TRUE(file.save(kept_with("r2", "r1", 2)).has_value());
        } catch (const Cut&) {
            cut = true;
        }
        const auto found = TokenFile{folder.signin()}.load();
        ASSERT_TRUE(found.has_value()) << "step " << cut_at / 2;
        const bool is_new = *found == kept_with("r2", "r1", 2);
        const auto old = had_one ? std::optional{kept_with("r1", "r0", 1)} : std::nullopt;
        EXPECT_TRUE(is_new || (cut && *found == old)) << "step " << cut_at / 2;
        if (cut_before == "rename" || cut_before == "flush the folder") {
            EXPECT_TRUE(is_new) << "what is whole on disk counts, under either name";
        }
        outcomes.insert(is_new ? "new" : "old");
        // And from there on it works as ever.
        ASSERT_TRUE(TokenFile{folder.signin()}.save(kept_with("r3", "r2", 3)).has_value());
        EXPECT_EQ(TokenFile{folder.signin()}.load().value(), kept_with("r3", "r2", 3));
        if (!cut && !had_one) break;
    }
    EXPECT_EQ(outcomes.size(), 2U) << "the cuts were before and after what matters";
    EXPECT_EQ(steps.size(), 8U) << "a new step needs a look at what a crash there leaves";
}

TEST(TokenFile, TheOnlyCopyInTheNewFileIsNotWrittenOver) {
    const Folder folder;
    ASSERT_TRUE(TokenFile{folder.signin()}.save(kept_with("r1", "", 1)).has_value());
    const auto cut_before = [&](const char* where, const Kept& kept) {
        TokenFile file{folder.signin(), [&](const char* step) {
                           if (std::string{step} == where) throw Cut{};
                       }};
        EXPECT_THROW((void)file.save(kept), Cut);
    };
    cut_before("rename", kept_with("r2", "r1", 2));                // r2 is in the new file only
    cut_before("write the first half", kept_with("r3", "r2", 3));  // which is now opened anew, and empty
    EXPECT_EQ(TokenFile{folder.signin()}.load().value(), kept_with("r2", "r1", 2));
}

}  // namespace
}  // namespace samsynk::service
