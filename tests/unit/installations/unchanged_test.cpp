// What was read stands for as long as the files are the same, and no longer: however somebody changes them.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>

#include "installations/folder/folder_books.hpp"
#include "unit/installations/files.hpp"

namespace samsynk::installations {
namespace {

namespace fs = std::filesystem;

std::string sie_of(const std::string& name) { return "#FLAGGA 0\n#FNAMN \"" + name + "\"\n#ORGNR 556016-0680\n"; }

class Unchanged : public testing::Test {
protected:
    Unchanged() {
        std::string name = (fs::temp_directory_path() / "samsynk-unchanged-XXXXXX").string();
        root_ = ::mkdtemp(name.data());
    }
    ~Unchanged() override { fs::remove_all(root_); }

    fs::path of(const std::string& place) const { return root_ / place; }

    void lay(const std::string& place) const {
        write(of(place) / "export.se", sie_of(place));
        write(of(place) / "samsynk/preferences.yaml", "receive_invoices: true \n");
    }

    sync::LocalCompanyPtr at(const std::string& place) {
        for (const auto& company : books_->scan().value())
            if (company->place == place) return company;
        return nullptr;
    }

    // Too young to be told from what is written within the same tick of the clock, a file is read each time.
    void let_them_settle() { pass(std::chrono::seconds{3}); }
    void pass(std::chrono::nanoseconds time) { passed_ += time.count(); }
    FolderBooks::Clock clock() {
        return [this] { return FolderBooks::now() + passed_; };
    }

    fs::path root_;
    std::int64_t passed_ = 0;
    std::optional<FolderBooks> books_;
};

struct Way {
    const char* place;
    void (*change)(const fs::path& company);
    bool (*shows)(const sync::LocalCompany& company);
};

void keep_time(const fs::path& file, const struct stat& before) {
    const timespec times[] = {before.st_atim, before.st_mtim};
    ASSERT_EQ(::utimensat(AT_FDCWD, file.c_str(), times, 0), 0);
}

const Way ways[] = {
    {"edited in place",
     [](const fs::path& company) { write(company / "samsynk/preferences.yaml", "receive_invoices: false\n"); },
     [](const sync::LocalCompany& now) { return now.preferences.receive_invoices == false; }},
    {"of the same size and time",
     [](const fs::path& company) {
         struct stat before {};
         const fs::path file = company / "samsynk/preferences.yaml";
         ::stat(file.c_str(), &before);
         write(file, "receive_invoices: false\n");
         keep_time(file, before);
     },
     [](const sync::LocalCompany& now) { return now.preferences.receive_invoices == false; }},
    {"another SIE file", [](const fs::path& company) { write(company / "senare.SE", sie_of("Senare")); },
     [](const sync::LocalCompany& now) { return now.name == "Senare"; }},
    {"the SIE file is older than another",
     [](const fs::path& company) {
         write(company / "annan.se", sie_of("Annan"));
         const timespec times[] = {{1'000'000'000, 0}, {1'000'000'000, 0}};
         ASSERT_EQ(::utimensat(AT_FDCWD, (company / "export.se").c_str(), times, 0), 0);
     },
     [](const sync::LocalCompany& now) { return now.name == "Annan"; }},
    {"no SIE file", [](const fs::path& company) { fs::remove(company / "export.se"); },
     [](const sync::LocalCompany& now) { return now.trouble && now.trouble->code == Errc::missing_number; }},
    {"a word of a person", [](const fs::path& company) { write(company / "samsynk/company.yaml", "name: Eget\n"); },
     [](const sync::LocalCompany& now) { return now.name == "Eget"; }},
    {"no folder of ours", [](const fs::path& company) { fs::remove_all(company / "samsynk"); },
     [](const sync::LocalCompany& now) { return !now.preferences.receive_invoices; }},
    {"no preferences", [](const fs::path& company) { fs::remove(company / "samsynk/preferences.yaml"); },
     [](const sync::LocalCompany& now) { return !now.preferences.receive_invoices; }},
    {"a folder that came in its place",
     [](const fs::path& company) {
         fs::rename(company, company.string() + ".old");
         write(company / "export.se", sie_of("Ny"));
     },
     [](const sync::LocalCompany& now) { return now.name == "Ny"; }},
};

TEST_F(Unchanged, WhatWasReadStandsAndAnyChangeShows) {
    lay("untouched");
    lay("with two SIE files");
    write(of("with two SIE files") / "aldre.si", sie_of("Äldre"));
    for (const Way& way : ways) lay(way.place);
    let_them_settle();
    for (const bool listens : {false, true}) {
        books_.emplace(root_, listens ? Listening::events : Listening::none, std::vector<std::string>{}, clock());
        const auto first = books_->scan().value(), second = books_->scan().value();
        EXPECT_EQ(first, second) << "the same objects: nothing was read again";
    }
    books_.emplace(root_, Listening::none, std::vector<std::string>{}, clock());
    const auto before = books_->scan().value();
    for (const Way& way : ways) way.change(of(way.place));
    for (const Way& way : ways) {
        EXPECT_TRUE(way.shows(*at(way.place))) << way.place;
    }
    EXPECT_EQ(at("untouched"),
              *std::find_if(before.begin(), before.end(), [](const auto& one) { return one->place == "untouched"; }));
}

TEST_F(Unchanged, AnOlderSieFileThatIsExportedAnewIsTheNewest) {
    lay("Bolaget");
    const timespec times[] = {{1'000'000'000, 0}, {1'000'000'000, 0}};
    ASSERT_EQ(::utimensat(AT_FDCWD, (of("Bolaget") / "export.se").c_str(), times, 0), 0);
    write(of("Bolaget") / "aldre.si", sie_of("Den andra"));
    let_them_settle();
    books_.emplace(root_, Listening::none, std::vector<std::string>{}, clock());
    ASSERT_EQ(at("Bolaget")->name, "Den andra");
    ASSERT_EQ(at("Bolaget"), at("Bolaget"));
    std::ofstream{of("Bolaget") / "export.se"} << sie_of("Exporterat på nytt");
    EXPECT_EQ(at("Bolaget")->name, "Exporterat på nytt");
}

// How often a file is opened.
class Opens {
public:
    explicit Opens(const fs::path& file) { ::inotify_add_watch(watch_, file.c_str(), IN_OPEN); }
    ~Opens() { ::close(watch_); }
    Opens(const Opens&) = delete;
    Opens& operator=(const Opens&) = delete;
    std::size_t since() const {
        alignas(inotify_event) char events[4096];
        const ssize_t size = ::read(watch_, events, sizeof events);
        return size <= 0 ? 0 : static_cast<std::size_t>(size) / sizeof(inotify_event);
    }

private:
    int watch_ = ::inotify_init1(IN_NONBLOCK);
};

TEST_F(Unchanged, OnceADayAllIsReadAgain) {
    lay("Bolaget");
    let_them_settle();
    const Opens opens{of("Bolaget") / "samsynk/preferences.yaml"};
    for (const bool listens : {false, true}) {
        const auto scan = [&] { return (listens ? books_->scan_notified() : books_->scan()).value().front(); };
        books_.emplace(root_, listens ? Listening::events : Listening::none, std::vector<std::string>{}, clock());
        const auto first = scan();
        EXPECT_EQ(opens.since(), 1U);
        pass(std::chrono::hours{23});
        EXPECT_EQ(scan(), first);
        EXPECT_EQ(opens.since(), 0U);
        pass(std::chrono::hours{1});
        EXPECT_EQ(scan(), first) << "it was as it is: what was made of it is kept";
        EXPECT_EQ(opens.since(), 1U);
        EXPECT_EQ(scan(), first);
        EXPECT_EQ(opens.since(), 0U);
        pass(std::chrono::hours{-2});
        EXPECT_EQ(scan(), first);
        EXPECT_EQ(opens.since(), 1U) << "the clock was set back: who knows what the time was";
    }
}

}  // namespace
}  // namespace samsynk::installations
