// Somebody else replaces a file while it is being replaced: their newest always stands.
#include "installations/folder/atomic_file.hpp"

#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>

#include "unit/installations/files.hpp"

namespace samsynk::installations {
namespace {

namespace fs = std::filesystem;

// Called right before each exchange, with its number.
std::function<void(int)> before_exchange;
int exchanges = 0;

}  // namespace
}  // namespace samsynk::installations

// In the place of the C library's, for this whole program.
extern "C" int renameat2(int from_folder, const char* from, int to_folder, const char* to, unsigned flags) noexcept {
    using namespace samsynk::installations;
    if (before_exchange) before_exchange(++exchanges);
    return static_cast<int>(::syscall(SYS_renameat2, from_folder, from, to_folder, to, flags));
}

namespace samsynk::installations {
namespace {

class AtomicFile : public testing::Test {
protected:
    AtomicFile() {
        std::string pattern = (fs::temp_directory_path() / "samsynk-file-XXXXXX").string();
        folder_ = ::mkdtemp(pattern.data());
        file_ = folder_ / "preferences.yaml";
        theirs("old");
    }
    ~AtomicFile() override {
        before_exchange = {};
        exchanges = 0;
        fs::remove_all(folder_);
    }

    // As an editor does: written beside, and renamed.
    void theirs(const std::string& content) {
        std::ofstream{folder_ / "theirs.tmp"} << content;
        fs::rename(folder_ / "theirs.tmp", file_);
    }
    Result<void> ours() { return replace(file_, "old", "ours"); }
    std::string content() { return content_of(file_); }
    std::ptrdiff_t files() { return std::distance(fs::directory_iterator{folder_}, {}); }

    fs::path folder_, file_;
};

TEST_F(AtomicFile, IsReplacedWhereNobodyElseWrites) {
    EXPECT_TRUE(ours().has_value());
    EXPECT_EQ(content(), "ours");
    EXPECT_EQ(files(), 1);
}

TEST_F(AtomicFile, AFolderThatIsMadeIsAsTheOneAroundItWhateverTheMask) {
    fs::create_directory(folder_ / "company");
    ASSERT_EQ(::chmod((folder_ / "company").c_str(), 02770), 0);
    const mode_t mask = ::umask(077);
    const fs::path file = folder_ / "company/samsynk/preferences.yaml";
    const auto made_own = posix::Directory::open(folder_ / "company")->make_below(*posix::Name::of("samsynk"));
    ASSERT_TRUE(made_own.has_value());
    const auto done = replace(file, std::nullopt, "ours");
    ::umask(mask);
    ASSERT_TRUE(done.has_value());
    struct stat made {};
    ASSERT_EQ(::stat(file.parent_path().c_str(), &made), 0);
    EXPECT_EQ(made.st_mode & 07777, mode_t{02770});
    ASSERT_EQ(::stat(file.c_str(), &made), 0);
    EXPECT_EQ(made.st_mode & 07777, mode_t{0660});
}

TEST_F(AtomicFile, TheirsStandsWhoWroteInBetween) {
    before_exchange = [&](int number) {
        if (number == 1) theirs("theirs");
    };
    EXPECT_EQ(ours().error().code, Errc::changed_meanwhile);
    EXPECT_EQ(content(), "theirs");
    EXPECT_EQ(files(), 1);
}

TEST_F(AtomicFile, TheirNewestStandsHoweverOftenTheyWrite) {
    for (int last = 2; last <= 5; ++last) {
        theirs("old");
        exchanges = 0;
        before_exchange = [&](int number) {
            if (number <= last) theirs("theirs " + std::to_string(number));
        };
        EXPECT_EQ(ours().error().code, Errc::changed_meanwhile);
        EXPECT_EQ(content(), "theirs " + std::to_string(last));
        EXPECT_EQ(files(), 1);
    }
}

}  // namespace
}  // namespace samsynk::installations
