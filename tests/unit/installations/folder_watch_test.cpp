// What the kernel tells of company folders, by a real one.
#include "installations/folder/folder_watch.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "installations/folder/atomic_file.hpp"

namespace samsynk::installations {
namespace {

namespace fs = std::filesystem;

class FolderWatchTest : public testing::Test {
protected:
    void SetUp() override {
        std::string name = fs::temp_directory_path() / "samsynk-watch-XXXXXX";
        root_ = ::mkdtemp(name.data());
        fs::create_directories(own());
        watch_.emplace(std::move(FolderWatch::open(root_).value()));
        ASSERT_TRUE(watch_->add("Bolag").has_value());
    }
    void TearDown() override { fs::remove_all(root_); }

    fs::path company() const { return root_ / "Bolag"; }
    fs::path own() const { return company() / "samsynk"; }
    static void write(const fs::path& file, const std::string& text = "x") { std::ofstream{file} << text; }
    std::set<std::string> told() {
        const WatchedChanges changes = watch_->take();
        return changes.everything ? std::set<std::string>{"everything"} : changes.places;
    }

    const std::set<std::string> nothing_, it_{"Bolag"}, everything_{"everything"};
    fs::path root_;
    std::optional<FolderWatch> watch_;
};

TEST_F(FolderWatchTest, TellsOfWhatOthersDoToTheFilesThatMatter) {
    write(own() / "preferences.yaml");
    EXPECT_EQ(told(), it_) << "written in place";
    write(own() / "other");
    EXPECT_EQ(told(), nothing_);
    fs::rename(own() / "other", own() / "preferences.yaml");
    EXPECT_EQ(told(), it_) << "replaced";
    fs::remove(own() / "preferences.yaml");
    EXPECT_EQ(told(), it_) << "removed";
    write(company() / "BOK.SE");
    EXPECT_EQ(told(), it_) << "exported";
    write(company() / "ledger.dbf");
    EXPECT_EQ(told(), nothing_) << "the accounting program's own";
}

TEST_F(FolderWatchTest, IsSilentOfOurOwnReplacements) {
    const fs::path file = own() / "preferences.yaml";
    ASSERT_TRUE(replace(file, std::nullopt, "a: 1\n").has_value());
    EXPECT_EQ(told(), nothing_) << "a new file";
    ASSERT_TRUE(replace(file, "a: 1\n", "a: 2\n").has_value());
    EXPECT_EQ(told(), nothing_) << "an exchange";
    write(file, "a: 3\n");
    EXPECT_EQ(told(), it_) << "and theirs after it is told";
}

TEST_F(FolderWatchTest, ListensToAFolderOfOursThatIsMadeLater) {
    fs::create_directories(root_ / "Ny");
    EXPECT_EQ(told(), everything_) << "a company folder that is new";
    ASSERT_TRUE(watch_->add("Ny").has_value());
    fs::create_directories(root_ / "Ny/samsynk");
    EXPECT_EQ(told(), std::set<std::string>{"Ny"});
    write(root_ / "Ny/samsynk/preferences.yaml");
    EXPECT_EQ(told(), std::set<std::string>{"Ny"});
}

TEST_F(FolderWatchTest, CompanyFoldersThatComeAndGoAreEverything) {
    fs::rename(company(), root_ / "Annat");
    EXPECT_EQ(told(), everything_);
    fs::remove_all(root_ / "Annat");
    EXPECT_EQ(told(), everything_);
    write(root_ / "a file");
    EXPECT_EQ(told(), nothing_);
}

TEST_F(FolderWatchTest, ARootThatIsAnotherOneIsListenedToAgain) {
    fs::remove_all(root_);
    EXPECT_EQ(told(), everything_);
    fs::create_directories(root_);
    ASSERT_TRUE(watch_->renew_root().has_value());
    (void)told();
    fs::create_directories(root_ / "Ny");
    EXPECT_EQ(told(), everything_);
}

}  // namespace
}  // namespace samsynk::installations
