// Company folders as they are found on real servers: names in both Unicode forms, locked files, several exports.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "installations/folder/folder_books.hpp"

namespace samsynk::installations {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* composed_name = "F\u00F6retaget \u00C5";
constexpr const char* decomposed_name = "Fo\u0308retaget A\u030A";

class Places : public testing::Test {
protected:
    void SetUp() override {
        std::string name = fs::temp_directory_path() / "samsynk-places-XXXXXX";
        parent_ = ::mkdtemp(name.data());
    }
    void TearDown() override { fs::remove_all(parent_); }

    void lay(const fs::path& folder, const std::string& number = "556016-0680", const std::string& file = "bok.se") {
        fs::create_directories(folder);
        std::ofstream{folder / file} << "#FLAGGA 0\n#ORGNR " << number << "\n#FNAMN X\n";
    }
    void choose(const fs::path& folder, const std::string& text) {
        fs::create_directories(folder / "samsynk");
        std::ofstream{folder / "samsynk/preferences.yaml"} << text;
    }
    static void age(const fs::path& file, std::chrono::hours hours) {
        fs::last_write_time(file, fs::file_time_type::clock::now() - hours);
    }
    static std::vector<std::string> places(FolderBooks& books) {
        std::vector<std::string> names;
        for (const auto& company : books.scan().value()) names.push_back(company->place);
        return names;
    }

    fs::path parent_;
};

// Between the list and the look: it is missing, and none that can't be read.
TEST_F(Places, AFolderThatGoesWhileTheyAreReadIsNoPlace) {
    const fs::path root = parent_ / "root";
    lay(root / "A");
    lay(root / "B", "556265-1892");
    int looks = 0;
    FolderBooks books{root, Listening::none, {}, [&] {
                          if (++looks > 1) fs::remove_all(root / "B");
                          return FolderBooks::now();
                      }};
    EXPECT_THAT(places(books), ElementsAre("A"));
    EXPECT_GT(looks, 1);
}

TEST_F(Places, AFolderIsTheSamePlaceInBothFormsOfItsName) {
    const fs::path root = parent_ / "root";
    lay(root / decomposed_name);
    FolderBooks books{root};
    EXPECT_THAT(places(books), ElementsAre(composed_name));
    const auto results = books.write_preferences(
        {{composed_name, *OrgNumber::parse("5560160680"), sync::Preference::receive_invoices, std::nullopt, true}});
    ASSERT_TRUE(results.front().has_value());
    EXPECT_TRUE(fs::exists(root / decomposed_name / "samsynk/preferences.yaml")) << "where it stands, not beside it";
    EXPECT_FALSE(fs::exists(root / composed_name));
    EXPECT_EQ(books.read(composed_name).value()->preferences.receive_invoices, true);
    // The same share, mounted another way.
    fs::rename(root / decomposed_name, root / composed_name);
    EXPECT_THAT(places(books), ElementsAre(composed_name));
    EXPECT_EQ(books.read(composed_name).value()->preferences.receive_invoices, true);
}

TEST_F(Places, BothFormsSideBySideAreTwoPlaces) {
    const fs::path root = parent_ / "root";
    lay(root / decomposed_name);
    lay(root / composed_name, "556036-0793");
    FolderBooks books{root};
    EXPECT_EQ(places(books).size(), 2U);
    EXPECT_EQ(books.read(composed_name).value()->company, OrgNumber::parse("5560360793").value());
    EXPECT_EQ(books.read(decomposed_name).value()->company, OrgNumber::parse("5560160680").value());
}

TEST_F(Places, TheRootIsFoundInEitherForm) {
    lay(parent_ / decomposed_name / "A");
    FolderBooks books{parent_ / composed_name};
    EXPECT_THAT(places(books), ElementsAre("A"));
    ASSERT_TRUE(books.leave_mark("m").has_value());
    EXPECT_EQ(books.mark().value(), "m");
    EXPECT_EQ(books.root(), parent_ / composed_name) << "people see what they have written";
}

TEST_F(Places, WhatIsListenedToIsToldByPlace) {
    const fs::path root = parent_ / "root";
    lay(root / decomposed_name);
    FolderBooks books{root, Listening::events};
    (void)books.scan();
    choose(root / decomposed_name, "receive_invoices: true\n");
    EXPECT_THAT(books.take_changes().places, ElementsAre(composed_name));
    EXPECT_EQ(books.scan_notified().value().front()->preferences.receive_invoices, true);
}

TEST_F(Places, TheNewestOfSeveralSieFilesCountsAndItIsSaidWhy) {
    const fs::path folder = parent_ / "A";
    lay(folder, "556036-0793", "gammal.si");
    age(folder / "gammal.si", std::chrono::hours{48});
    lay(folder, "556016-0680", "NY.SE");
    lay(folder, "212000-0142", "mellan.sie");
    age(folder / "mellan.sie", std::chrono::hours{24});
    FolderBooks books{parent_};
    EXPECT_EQ(books.scan().value().front()->company, OrgNumber::parse("5560160680").value());
    const auto trail = books.identity_trail("A");
    ASSERT_EQ(trail.size(), 4U);
    EXPECT_THAT(to_text(trail[0]), HasSubstr("NY.SE counts, as the newest of 3"));
    EXPECT_THAT(to_text(trail[1]), HasSubstr("NY.SE: 556016-0680"));
    EXPECT_THAT(to_text(trail[2]), HasSubstr("mellan.sie: 212000-0142"));
    EXPECT_THAT(to_text(trail[3]), HasSubstr("gammal.si: 556036-0793"));
    fs::create_directories(folder / "samsynk");
    std::ofstream{folder / "samsynk/company.yaml"} << "company: 556036-0793\n";
    EXPECT_THAT(to_text(books.identity_trail("A").front()), HasSubstr("company.yaml"));
}

TEST_F(Places, OfOneSieFileTheTrailSaysThatItIsTheOnlyOne) {
    lay(parent_ / "A");
    const auto trail = FolderBooks{parent_}.identity_trail("A");
    ASSERT_EQ(trail.size(), 2U);
    EXPECT_THAT(to_text(trail[0]), HasSubstr("counts, as the only SIE file"));
}

TEST_F(Places, AnExportThatIsUnderWayIsBusyNotBroken) {
    fs::create_directories(parent_ / "A");
    std::ofstream file{parent_ / "A/bok.se"};
    file << "#FLAGGA 0\n#FNAMN \"Åker" << std::flush;
    FolderBooks books{parent_};
    EXPECT_EQ(books.scan().value().front()->trouble->code, Errc::busy);
    file << "iet\"\n#ORGNR 556016-0680\n" << std::flush;
    EXPECT_FALSE(books.scan().value().front()->trouble);
}

// Another program, which is another process: locks do not hold against oneself.
class Other {
public:
    Other(const fs::path& file, int command, short lock) {
        int ready[2];
        if (::pipe(ready) != 0) std::abort();
        child_ = ::fork();
        if (child_ == 0) {
            const int fd = ::open(file.c_str(), O_RDWR);
            struct flock what {};
            what.l_type = lock;
            what.l_whence = SEEK_SET;
            const int done = command == F_SETLEASE ? ::fcntl(fd, F_SETLEASE, F_WRLCK) : ::fcntl(fd, command, &what);
            ::signal(SIGIO, SIG_IGN);
            (void)!::write(ready[1], done == 0 ? "y" : "n", 1);
            for (;;) ::pause();
        }
        char answer = 0;
        (void)!::read(ready[0], &answer, 1);
        works_ = answer == 'y';
    }
    ~Other() {
        ::kill(child_, SIGKILL);
        ::waitpid(child_, nullptr, 0);
    }
    bool works() const { return works_; }

private:
    pid_t child_ = 0;
    bool works_ = false;
};

TEST_F(Places, AFileThatIsLockedIsBusyNotBroken) {
    lay(parent_ / "A");
    choose(parent_ / "A", "receive_invoices: true\n");
    FolderBooks books{parent_};
    {
        // As Samba locks a file for a program on Windows that is changing it.
        const Other other{parent_ / "A/samsynk/preferences.yaml", F_SETLK, F_WRLCK};
        ASSERT_TRUE(other.works());
        EXPECT_EQ(books.scan().value().front()->trouble->code, Errc::busy);
        const auto results = books.write_preferences(
            {{"A", *OrgNumber::parse("5560160680"), sync::Preference::receive_invoices, true, false}});
        EXPECT_EQ(results.front().error().code, Errc::busy);
    }
    EXPECT_EQ(books.scan().value().front()->preferences.receive_invoices, true);
}

TEST_F(Places, AFileThatAnOplockIsHeldOnIsBusyAndNotWaitedFor) {
    lay(parent_ / "A");
    choose(parent_ / "A", "receive_invoices: true\n");
    FolderBooks books{parent_};
    const Other other{parent_ / "A/samsynk/preferences.yaml", F_SETLEASE, F_WRLCK};
    if (!other.works()) GTEST_SKIP() << "this file system has no leases";
    const auto began = std::chrono::steady_clock::now();
    EXPECT_EQ(books.scan().value().front()->trouble->code, Errc::busy);
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds{5});
}

TEST_F(Places, AReadersLockIsNoHindrance) {
    lay(parent_ / "A");
    choose(parent_ / "A", "receive_invoices: true\n");
    const Other other{parent_ / "A/samsynk/preferences.yaml", F_SETLK, F_RDLCK};
    ASSERT_TRUE(other.works());
    FolderBooks books{parent_};
    EXPECT_EQ(books.scan().value().front()->preferences.receive_invoices, true);
}

TEST_F(Places, OfASieFileOfTwoGigabytesOnlyTheHeadIsRead) {
    lay(parent_ / "A");
    fs::resize_file(parent_ / "A/bok.se", 2'200'000'000);
    FolderBooks books{parent_};
    const auto began = std::chrono::steady_clock::now();
    EXPECT_EQ(books.scan().value().front()->company, OrgNumber::parse("5560160680").value());
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds{2});
}

TEST_F(Places, WhatWindowsWroteInOtherLettersIsNoAbsenceOfAChoice) {
    lay(parent_ / "A");
    fs::create_directories(parent_ / "A/Samsynk");
    std::ofstream{parent_ / "A/Samsynk/preferences.yaml"} << "receive_invoices: false\n";
    FolderBooks books{parent_};
    if (fs::exists(parent_ / "A/samsynk")) GTEST_SKIP() << "this file system takes them for the same";
    auto company = books.scan().value().front();
    ASSERT_TRUE(company->trouble);
    EXPECT_THAT(to_text(company->trouble->message), HasSubstr("A/Samsynk is not read by that name. Call it samsynk"));
    fs::rename(parent_ / "A/Samsynk", parent_ / "A/samsynk");
    fs::rename(parent_ / "A/samsynk/preferences.yaml", parent_ / "A/samsynk/Preferences.yaml");
    company = books.scan().value().front();
    ASSERT_TRUE(company->trouble);
    EXPECT_THAT(to_text(company->trouble->message),
                HasSubstr("Preferences.yaml is not read by that name. Call it preferences.yaml"));
    fs::rename(parent_ / "A/samsynk/Preferences.yaml", parent_ / "A/samsynk/preferences.yaml");
    EXPECT_EQ(books.scan().value().front()->preferences.receive_invoices, false);
}

TEST_F(Places, LinksThatLeaveTheRootAreNotFollowed) {
    const fs::path root = parent_ / "root", outside = parent_ / "outside";
    lay(root / "A");
    lay(outside, "556036-0793");
    fs::create_directory_symlink(outside, root / "B");
    fs::create_directories(root / "C");
    fs::create_symlink(outside / "bok.se", root / "C/bok.se");
    fs::create_directory_symlink(outside, root / "A/samsynk");
    FolderBooks books{root};
    const auto found = books.scan().value();
    ASSERT_EQ(found.size(), 3U);
    for (const auto& company : found) {
        ASSERT_TRUE(company->trouble) << company->place;
        EXPECT_NE(company->company, OrgNumber::parse("5560360793").value());
    }
}

TEST_F(Places, AFileThatIsNearlyCalledAsOursIsNotPassedOver) {
    lay(parent_ / "A");
    choose(parent_ / "A", "receive_invoices: true\n");
    for (const char* name :
         {"Company.yaml", "company.yml", "COMPANY.YAML", "company.yaml.txt", "company (1).yaml", "company",
          "Preferences.yaml", "preferences.yml", "preferences.yaml.txt", "preferences (2).yaml", "preferances.yaml",
          "preferences - Kopia.yaml", "Kopia av company.yaml", "preferences-KONTOR-PC.yml", "preference.yaml",
          "company.sync-conflict-20261129-101010-ABCDEFG.yaml", " company.yaml", "preferences.yaml.yaml"}) {
        const fs::path file = parent_ / "A/samsynk" / name;
        std::ofstream{file} << "ignore: true\n";
        FolderBooks books{parent_};
        const auto company = books.read("A").value();
        ASSERT_TRUE(company->trouble) << name;
        EXPECT_THAT(to_text(company->trouble->message), HasSubstr(name));
        fs::remove(file);
        EXPECT_FALSE(books.read("A").value()->trouble) << name;
    }
    for (const char* name : {"preferences.yaml~", "preferences.yaml.bak", ".company.yaml.swp", "companies.yaml",
                             "notes.txt", "company notes.txt", "~$preferences.yaml", "collaboration.yaml"})
        std::ofstream{parent_ / "A/samsynk" / name} << "ignore: true\n";
    EXPECT_FALSE(FolderBooks{parent_}.read("A").value()->trouble);
}

TEST_F(Places, WhatSystemsMakeForThemselvesAndWhatIsToBePassedOverAreNoCompanies) {
    lay(parent_ / "A");
    for (const char* name : {"lost+found", "$RECYCLE.BIN", "$Extend", "System Volume Information", "@eaDir", "#recycle",
                             "__MACOSX", "found.000", "Arkiv 2019", "gamla-KOPIA"})
        fs::create_directories(parent_ / name);
    FolderBooks books{parent_, Listening::none, {"arkiv*", "*-kopia"}};
    EXPECT_THAT(places(books), ElementsAre("A"));
}

TEST_F(Places, AFileOfTheFutureIsNotInUseUntilThen) {
    lay(parent_ / "A");
    choose(parent_ / "A", "");
    age(parent_ / "A/samsynk/preferences.yaml", std::chrono::hours{-24 * 365});
    EXPECT_FALSE(FolderBooks{parent_}.read("A").value()->trouble);
    std::ofstream{parent_ / "A/bok.se"} << "#FLAGGA 0\n#PROGRAM \"half";
    age(parent_ / "A/bok.se", std::chrono::hours{-24 * 365});
    EXPECT_NE(FolderBooks{parent_}.read("A").value()->trouble->code, Errc::busy);
}

}  // namespace
}  // namespace samsynk::installations
