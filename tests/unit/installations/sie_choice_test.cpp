// Which file counts in a folder where several are called as SIE files, and what is said of the others.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "installations/folder/folder_books.hpp"
#include "unit/installations/files.hpp"

namespace samsynk::installations {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::HasSubstr;

class SieChoice : public testing::Test {
protected:
    SieChoice() { fs::create_directories(folder); }
    ~SieChoice() override { fs::remove_all(root); }

    void write(const std::string& name, const std::string& text, int days_old = 10) const {
        std::ofstream{folder / name} << text;
        fs::last_write_time(folder / name, fs::file_time_type::clock::now() - std::chrono::hours{24} * days_old);
    }
    static std::string sie(const std::string& number, const std::string& more = {},
                           const std::string& name = "Berg AB") {
        return "#FLAGGA 0\n" + more + "#ORGNR " + number + "\n#FNAMN \"" + name + "\"\n";
    }
    sync::LocalCompanyPtr read() { return books.scan().value().front(); }
    std::string number() {
        const auto company = read();
        return company->company ? company->company->text() : to_text(company->trouble->message);
    }
    std::vector<std::string> trail() {
        std::vector<std::string> texts;
        for (const Message& one : books.identity_trail("A")) texts.push_back(to_text(one));
        return texts;
    }

    const fs::path root = fs::temp_directory_path() / ("samsynk-choice-" + std::to_string(::getpid()));
    const fs::path folder = root / "A";
    FolderBooks books{root};
};

TEST_F(SieChoice, WhatHasNoNumberHidesNoCompany) {
    write("bok.SE", sie("556016-0680"), 30);
    const std::vector<std::pair<std::string, std::string>> beside{
        {"lon.si", "#FLAGGA 0\n#SIETYP 4\n#FNAMN \"Berg AB\"\n#VER \"\" \"\" 20260131\n"},
        {"faktura.si", "#FLAGGA 0\n#ORGNR \"\"\n#FNAMN \"Berg AB\"\n"},
        {"sie5.sie", "<Sie><FileInfo><Company name=\"Berg AB\"/></FileInfo></Sie>"},
        {"tom.se", ""},
        {"annat.se", "en vanlig text\n"},
        {"bild.si", std::string("\x89PNG\r\n\x1a\n\0\0", 10)},
        {"mall.se", sie("555555-5555")},
        {"fel.se", sie("556016-0681")},
        {"kort.se", sie("5560")},
        {"._bok.se", std::string("\0\x05\x16\x07\0\x02", 6)},
        {"~$bok.se", "x"},
        {".bok.se", sie("556036-0793")}};
    for (const auto& [name, text] : beside) {
        write(name, text, 1);
        EXPECT_EQ(number(), "556016-0680") << name;
    }
    fs::create_directories(folder / "www.berg.se");
    fs::create_symlink("borta", folder / "lank.se");
    fs::create_symlink(folder / "bok.SE", folder / "genväg.se");
    ASSERT_EQ(::mkfifo((folder / "ror.se").c_str(), 0600), 0);
    EXPECT_EQ(number(), "556016-0680");
    const auto said = trail();
    EXPECT_EQ(said.front(), "bok.SE counts, as the only SIE file with an organisation number.");
    for (const char* name :
         {"lon.si", "faktura.si", "sie5.sie", "tom.se", "annat.se", "bild.si", "mall.se", "fel.se", "kort.se",
          "._bok.se", "~$bok.se", ".bok.se", "www.berg.se", "lank.se", "genväg.se", "ror.se"})
        EXPECT_THAT(said, Contains(testing::StartsWith(std::string{name} + " is passed over: "))) << name;
}

TEST_F(SieChoice, TheExportCountsAndNotTheCopying) {
    write("a.se", sie("556036-0793", "#GEN 20230101\n#RAR 0 20220101 20221231\n"), 1);
    write("b.se", sie("556016-0680", "#GEN 20250101\n#RAR 0 20240101 20241231\n"), 20);
    EXPECT_EQ(number(), "556016-0680");
    EXPECT_EQ(trail().front(), "b.se counts, as the newest of 2 SIE files.");
    EXPECT_THAT(trail(), Contains(HasSubstr("a.se: 556036-0793, exported 2023-01-01")));
}

TEST_F(SieChoice, OfOneDayTheLaterYearCountsThenTheFilesOwnTimeThenTheName) {
    write("a.se", sie("556036-0793", "#GEN 20250101\n#RAR 0 20240101 20241231\n"), 20);
    write("b.se", sie("556016-0680", "#GEN 20250101\n#RAR 0 20230101 20231231\n"), 1);
    EXPECT_EQ(number(), "556036-0793");
    write("a.se", sie("556036-0793", "#GEN 20250101\n"), 20);
    write("b.se", sie("556016-0680", "#GEN 20250101\n"), 19);
    EXPECT_EQ(number(), "556016-0680");
    const auto time = fs::last_write_time(folder / "a.se");
    fs::last_write_time(folder / "b.se", time);
    EXPECT_EQ(number(), "556016-0680");
    fs::rename(folder / "b.se", folder / "A.se");
    EXPECT_EQ(number(), "556036-0793");
}

TEST_F(SieChoice, WithoutADayThatOfTheFileCounts) {
    write("old.se", sie("556036-0793", "#GEN 20200101\n"), 1);
    write("new.se", sie("556016-0680"), 5);
    EXPECT_EQ(number(), "556016-0680");
}

TEST_F(SieChoice, ADayThatIsStillToComeIsNotBelieved) {
    write("a.se", sie("556036-0793", "#GEN 20991231\n"), 30);
    write("b.se", sie("556016-0680"), 2);
    EXPECT_EQ(number(), "556016-0680");
}

TEST_F(SieChoice, WhereNoneHasANumberTheNewestSaysWhy) {
    write("a.se", "#FLAGGA 0\n#GEN 20240101\n#FNAMN \"Berg AB\"\n", 30);
    write("b.se", sie("555555-5555", "#GEN 20230101\n"), 1);
    EXPECT_THAT(number(), HasSubstr("a.se has no organisation number."));
    EXPECT_EQ(read()->name, "Berg AB") << "so that people know which one it is";
    write("a.se", sie("556016-0681", "#GEN 20240101\n"), 30);
    EXPECT_THAT(number(), HasSubstr("a.se can't be right"));
    fs::remove(folder / "a.se");
    EXPECT_THAT(number(), HasSubstr("b.se has the organisation number 555555-5555, which is nobody's"));
}

TEST_F(SieChoice, OnlyWhatIsNoOrdinaryFileIsNoFileAtAll) {
    fs::create_directories(folder / "www.berg.se");
    EXPECT_THAT(number(), HasSubstr("has neither a SIE file nor samsynk/company.yaml"));
}

TEST_F(SieChoice, AnExportThatIsUnderWayIsWaitedFor) {
    write("a.se", sie("556036-0793"), 30);
    std::ofstream{folder / "b.se"} << "#FLAGGA 0\n#FNA" << std::flush;
    EXPECT_THAT(number(), HasSubstr("b.se is in use"));
    write("b.se", "#FLAGGA 0\n#FNA", 1);
    EXPECT_EQ(number(), "556036-0793") << "it never came to its end";
}

TEST_F(SieChoice, ANumberBehindALongChartOfAccountsIsRead) {
    std::string accounts;
    for (int n = 0; n < 12'500; ++n) accounts += "#KONTO " + std::to_string(1000 + n) + " \"Ett konto\"\n";
    ASSERT_GT(accounts.size(), 300'000U);
    write("a.se", "#FLAGGA 0\n" + accounts + "#ORGNR 556016-0680\n#FNAMN \"Berg AB\"\n");
    EXPECT_EQ(number(), "556016-0680");
    EXPECT_EQ(read()->name, "Berg AB");
}

// Whoever writes in one folder keeps no other waiting: neither by many files nor by long ones.
TEST_F(SieChoice, ManyAndLongFilesAreNotAllRead) {
    write("bok.se", sie("556016-0680"), 1);
    const std::string account = "#KONTO 1910 \"" + std::string(1000, 'x') + "\"\n";
    std::string accounts = "#FLAGGA 0\n";
    while (accounts.size() < 9'000'000) accounts += account;
    for (int n = 0; n < 30; ++n) write("lang" + std::to_string(n) + ".se", accounts, 2);
    for (int n = 0; n < 300; ++n) write("gammal" + std::to_string(n) + ".se", sie("556036-0793"), 40);
    const auto began = std::chrono::steady_clock::now();
    EXPECT_EQ(number(), "556016-0680");
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds{2});
}

// Where the first part that is read ends in the middle of the number, or of the name.
TEST_F(SieChoice, TheFolderThatAnExportCameFromIsKnown) {
    const std::vector<std::pair<std::string, std::string>> cases{
        {R"(#FNR "C:\ProgramData\SPCS\Administration\Företag\Ovnbol2000")", "ovnbol2000"},
        {R"(#FNR "\\server\spcs\Åkeri AB\")", "åkeri ab"},
        {"#FNR /srv/spcs/Berg", "berg"},
        {R"(#FNR "C:\SPCS\a")", ""},  // this one, on a system that knows no letter case
        {"#FNR 17", ""},
        {"#FNR Ovnbol2000", ""},
        {R"(#FNR "\\")", ""}};
    for (const auto& [line, from] : cases) {
        write("bok.se", sie("556016-0680", line + "\n"));
        EXPECT_EQ(read()->exported_from, from) << line;
    }
    write("bok.se", sie("556016-0680", "#FNR \"C:\\SPCS\\Annan\"\n"));
    EXPECT_THAT(trail(), Contains(HasSubstr("exported from the company folder Annan")));
    fs::create_directories(folder / "samsynk");
    std::ofstream{folder / "samsynk" / "company.yaml"} << "company: 556016-0680\n";
    EXPECT_EQ(read()->exported_from, "") << "who is named by a person is not named by the file";
}

TEST_F(SieChoice, NothingIsReadInHalf) {
    for (const std::size_t before :
         {16'384U - 30, 16'384U - 22, 16'384U - 12, 16'384U - 5, 16'384U - 1, 16'384U, 262'144U - 12}) {
        std::string text = "#FLAGGA 0\n#GEN 20240101\n#FNAMN \"Berg AB\"\n";
        while (text.size() < before)
            text += text.size() + 80 < before ? "#KONTO 1 \"" + std::string(60, 'x') + "\"\n" : " ";
        write("a.se", text + "\n#ORGNR 556016-0680\n");
        EXPECT_EQ(number(), "556016-0680") << before;
    }
}

}  // namespace
}  // namespace samsynk::installations
