#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "installations/folder/atomic_file.hpp"
#include "installations/folder/collaboration_file.hpp"
#include "installations/folder/folder_books.hpp"
#include "installations/folder/sie.hpp"
#include "installations/folder/user_files.hpp"
#include "installations/yaml_text.hpp"
#include "support/told_notice.hpp"
#include "unit/installations/files.hpp"

namespace samsynk::installations {
namespace {

namespace fs = std::filesystem;

TEST(Sie, ReadsNamesInCp437Latin1AndUtf8) {
    EXPECT_EQ(
        read_sie_identity("#FLAGGA 0\n#FNAMN \"\x8Fkeriet \x94\x84\x86 AB\"\n#ORGNR 556016-0680\n", "f").value().name,
        "Åkeriet öäå AB");
    EXPECT_EQ(read_sie_identity("#FNAMN \"\xC5keriet \xF6 AB\"\n", "f").value().name, "Åkeriet ö AB");
    EXPECT_EQ(read_sie_identity("\xEF\xBB\xBF#FNAMN \"Åkeriet AB\"\n", "f").value().name, "Åkeriet AB");
}

TEST(Sie, ReadsTabsExtraFieldsNoQuotesAndEscapes) {
    const auto identity =
        read_sie_identity(
            "#FLAGGA\t0\r\n#ORGNR\t556016-0680\t1\r\n#FNAMN \"A \\\"B\\\" C\"\r\n#VER A 1\r\n#ORGNR 1\r\n", "f")
            .value();
    EXPECT_EQ(identity.number, "556016-0680");
    EXPECT_EQ(identity.name, "A \"B\" C");
}

TEST(Sie, RefusesWhatIsNoSieFileAndAcceptsAMissingNumber) {
    EXPECT_EQ(read_sie_identity("<!DOCTYPE html><html>", "f").error().code, Errc::bad_file);
    EXPECT_EQ(read_sie_identity("", "f").error().code, Errc::bad_file);
    EXPECT_EQ(read_sie_identity("#FLAGGA 0\n#ORGNR\n#FNAMN X\n", "f").value().number, "");
}

TEST(Sie, ANameFitsOnALineOfAScreen) {
    constexpr char head_text[] = "#FLAGGA 0\r\n#FNAMN \"Bo\0\x1b[2J\tAB\r\n#ORGNR 556016-0680\r\n";
    const std::string head{head_text, sizeof head_text - 1};
    EXPECT_EQ(read_sie_identity(head, "f").value().name, "Bo  [2J AB");
}

TEST(CompanyFile, ReadsNamesInAnyEncodingAndOnOneLine) {
    EXPECT_EQ(parse_company_file("name: \xC5keriet \xF6 AB\n", "f").value().name, "Åkeriet ö AB");
    EXPECT_EQ(parse_company_file("name: \x8Fkeriet\n", "f").value().name, "Åkeriet");
    EXPECT_EQ(parse_company_file("name: \"A\\0\\eB\"\n", "f").value().name, "A  B");
}

TEST(CompanyFile, RefusesTwoWordsOnOneCompany) {
    for (const char* bad :
         {"company: 5560160680\ncompany: 5562651892\n", "company: 5560160680\n---\ncompany: 5562651892\n",
          "ignore: true\nignore: false\n", "  name: A\ncompany: 5560160680\n"})
        EXPECT_EQ(parse_company_file(bad, "f").error().code, Errc::bad_file) << bad;
}

TEST(YamlText, WhatYamlWouldReadInPartIsRefusedAsAWhole) {
    const std::string choice = "receive_invoices: true\n";
    for (const std::string& bad :
         std::vector<std::string>{"a: 1\n\x04\n" + choice, choice + "---\nreceive_invoices: false\n",
                                  "  a: 1\n" + choice, "{a: 1}\n" + choice, choice + std::string(1, '\0')})
        EXPECT_EQ(parse_preferences(bad, "f").error().code, Errc::bad_file) << bad;
    EXPECT_EQ(parse_preferences("---\n" + choice + "...\n", "f").value().receive_invoices, true);
}

TEST(YamlText, ALoneCommaEndsToo) {
    for (const char* text : {",", ", a: b\n", ",\n---\n"})
        EXPECT_EQ(parse_preferences(text, "f").error().code, Errc::bad_file) << text;
}

TEST(YamlText, WhatWouldTakeLongAndMuchIsNotTried) {
    EXPECT_EQ(parse_preferences("x: [" + std::string(yaml_limit, ',') + "]\n", "f").error().code, Errc::bad_file);
    EXPECT_EQ(parse_preferences("x: " + std::string(60000, '['), "f").error().code, Errc::bad_file);
    EXPECT_TRUE(parse_preferences("#" + std::string(60000, ' '), "f").has_value());
}

TEST(PreferencesFile, ReadsChoicesStrictly) {
    const auto chosen = parse_preferences("send_all_invoices: Yes\nreceive_invoices:\nother: [1]\n", "f").value();
    EXPECT_EQ(chosen, (sync::Preferences{true, std::nullopt}));
    for (const char* bad : {"send_all_invoices: \"true\"\n", "send_all_invoices: 1\n", "- a\n", "a: b: c\n",
                            "receive_invoices: true\nreceive_invoices: false\n", "\tx: 1\n"})
        EXPECT_EQ(parse_preferences(bad, "f").error().code, Errc::bad_file) << bad;
}

TEST(PreferencesFile, ChangesOneValueAndNothingElse) {
    const std::string text = "# vårt\r\nreceive_invoices:  false   # beslut\r\nref: 'Åsa: 1'\r\n";
    EXPECT_EQ(with_choice(text, sync::Preference::receive_invoices, true, "f").value(),
              "# vårt\r\nreceive_invoices: true   # beslut\r\nref: 'Åsa: 1'\r\n");
    EXPECT_EQ(with_choice("a: 1", sync::Preference::send_all_invoices, false, "f").value(),
              "a: 1\nsend_all_invoices: false\n");
    EXPECT_EQ(with_choice("receive_invoices:\n", sync::Preference::receive_invoices, true, "f").value(),
              "receive_invoices: true\n");
    EXPECT_EQ(with_choice("receive_invoices: # ej valt\n", sync::Preference::receive_invoices, true, "f").value(),
              "receive_invoices: true # ej valt\n");
}

TEST(PreferencesFile, LeavesAChoiceThatIsAlreadyMade) {
    for (const std::string& text :
         std::vector<std::string>{"{receive_invoices: true}\n", "  receive_invoices: yes\n  a: 1\n"})
        EXPECT_EQ(with_choice(text, sync::Preference::receive_invoices, true, "f").value(), text);
}

TEST(PreferencesFile, RefusesWhatItCannotChangeSafely) {
    EXPECT_EQ(with_choice("{receive_invoices: true}\n", sync::Preference::receive_invoices, false, "f").error().code,
              Errc::bad_file);
}

class Folder : public testing::Test {
protected:
    Folder() {
        char name[] = "/tmp/samsynk-folder-XXXXXX";
        root_ = ::mkdtemp(name);
    }
    ~Folder() override { fs::remove_all(root_); }
    void lay(const std::string& place, const std::string& number) {
        write(root_ / place / "a.se", "#FLAGGA 0\n#ORGNR " + number + "\n#FNAMN \"" + place + "\"\n");
    }
    sync::LocalCompany find(FolderBooks& books, const std::string& place) {
        for (const auto& company : books.scan().value())
            if (company->place == place) return *company;
        return {};
    }
    fs::path root_;
};

sync::Notice notice() {
    sync::Notice told{.company = OrgNumber::parse("5560160680").value(), .name = "Bygg: \"AB\""};
    told.collaboration = {.id = "c-1",
                          .state = sync::CollaborationState::active,
                          .office_company = "5562651892",
                          .office_name = "Norrsken",
                          .assignment_id = "17",
                          .assignment_name = "Löpande",
                          .invoice_recipient = sync::Party::office,
                          .invited_at = "2026-11-01T09:30:00Z",
                          .approved_at = "2026-11-02T08:00:00Z"};
    told.receiving_in_effect = true;
    return told;
}

TEST_F(Folder, TellsBrokenCompaniesApartFromGoodOnes) {
    lay("Bra", "556016-0680");
    lay("Platshallare", "555555-5555");
    lay("Fel", "556060-2345");
    write(root_ / "Html" / "x.SE", "<html>");
    write(root_ / "Tom" / "readme.txt", "");
    write(root_ / "Trasig" / "samsynk/preferences.yaml", "receive_invoices: maybe\n");
    lay("Trasig", "556036-0793");
    fs::create_directories(root_ / "Gemensamma filer");
    FolderBooks books{root_};
    EXPECT_EQ(books.scan().value().size(), 6U);
    EXPECT_FALSE(find(books, "Bra").trouble);
    EXPECT_EQ(find(books, "Platshallare").trouble->code, Errc::placeholder_number);
    EXPECT_EQ(find(books, "Fel").trouble->code, Errc::invalid_number);
    EXPECT_EQ(find(books, "Html").trouble->code, Errc::bad_file);
    EXPECT_EQ(find(books, "Tom").trouble->code, Errc::missing_number);
    EXPECT_EQ(find(books, "Trasig").trouble->code, Errc::bad_file);
    EXPECT_TRUE(find(books, "Trasig").company);
}

TEST_F(Folder, ARootThatIsMissingOrEmptyIsOfflineNotEmpty) {
    EXPECT_EQ(FolderBooks{root_ / "nix"}.scan().error().code, Errc::installation_offline);
    EXPECT_EQ(FolderBooks{root_}.scan().error().code, Errc::installation_offline);
}

TEST_F(Folder, WritesOnlyWhatIsStillAsItWasRead) {
    lay("A", "556016-0680");
    FolderBooks books{root_};
    const auto company = OrgNumber::parse("5560160680").value();
    const auto file = root_ / "A/samsynk/preferences.yaml";
    auto results = books.write_preferences({{"A", company, sync::Preference::receive_invoices, std::nullopt, true},
                                            {"A", company, sync::Preference::send_all_invoices, std::nullopt, false}});
    EXPECT_TRUE(results[0].has_value() && results[1].has_value());
    EXPECT_EQ(find(books, "A").preferences, (sync::Preferences{false, true}));
    ::chmod(file.c_str(), 0640);
    results = books.write_preferences({{"A", company, sync::Preference::receive_invoices, false, true}});
    EXPECT_EQ(results[0].error().code, Errc::changed_meanwhile);
    results = books.write_preferences({{"A", company, sync::Preference::receive_invoices, true, false}});
    EXPECT_TRUE(results[0].has_value());
    EXPECT_EQ(fs::status(file).permissions(), fs::perms{0640});
    for (const auto& entry : fs::directory_iterator{root_ / "A/samsynk"})
        EXPECT_EQ(entry.path().filename(), "preferences.yaml");
}

TEST_F(Folder, KeepsTheChoiceOfSomeoneWhoWasFaster) {
    const fs::path file = root_ / "A/samsynk/preferences.yaml";
    write(file, "receive_invoices: false\n");
    const auto result = replace(file, "receive_invoices: true\n", "agent\n");
    EXPECT_EQ(result.error().code, Errc::changed_meanwhile);
    EXPECT_EQ(content_of(file), "receive_invoices: false\n");
    EXPECT_EQ(replace(file, std::nullopt, "agent\n").error().code, Errc::changed_meanwhile);
    EXPECT_EQ(content_of(file), "receive_invoices: false\n");
}

TEST_F(Folder, NeverFollowsALinkOutOfTheRoot) {
    lay("A", "556016-0680");
    fs::create_directories(root_ / "elsewhere");
    fs::create_directory_symlink(root_ / "elsewhere", root_ / "A/samsynk");
    FolderBooks books{root_};
    EXPECT_EQ(find(books, "A").trouble->code, Errc::unreadable);
    const auto results = books.write_preferences(
        {{"A", OrgNumber::parse("5560160680").value(), sync::Preference::receive_invoices, std::nullopt, true}});
    EXPECT_TRUE(results[0].has_error());
    EXPECT_TRUE(fs::is_empty(root_ / "elsewhere"));
}

TEST(CollaborationFile, TellsAnyNameAsItIs) {
    for (const std::string& name :
         std::vector<std::string>{"A\uFFFEB\uFDD0", "\"\\\n\t\x1b\x7f", "\u0085\u2028\uFEFF", "null", "~", " - # x: y",
                                  std::string{"\0x04", 4}, "\U0001F950"}) {
        auto told = notice();
        told.name = told.collaboration.office_name = name;
        const std::string text = render_notice(told);
        ASSERT_TRUE(told_notice(text)) << text;
        EXPECT_EQ(told_notice(text)->name, name) << text;
        EXPECT_EQ(sync::fingerprint(*told_notice(text)), sync::fingerprint(told)) << text;
        EXPECT_EQ(render_notice(told, text), text);
    }
}

TEST(CollaborationFile, IsKnownByItsRevisionUntilAnythingInItChanges) {
    const std::string text = render_notice(notice());
    EXPECT_EQ(notice_revision(text), sync::fingerprint(notice())) << text;
    for (std::size_t size = 0; size < text.size(); ++size) {
        EXPECT_EQ(notice_revision(text.substr(0, size)), 0U) << "torn after " << size;
        std::string zeroed = text, changed = text;
        zeroed.replace(size, text.size() - size, text.size() - size, '\0');
        changed[size] ^= 1;
        EXPECT_EQ(notice_revision(zeroed), 0U) << "never written after " << size;
        EXPECT_NE(notice_revision(changed), sync::fingerprint(notice())) << "changed at " << size;
    }
    for (const std::string& edited : {text + "\n", text + "# mine\n", "# mine\n" + text, text + text})
        EXPECT_EQ(notice_revision(edited), 0U) << edited;
}

TEST(CollaborationFile, OfAnEarlierVersionIsWrittenOnceMore) {
    const std::string text = render_notice(notice());
    const std::string earlier = text.substr(0, text.rfind("revision:"));
    EXPECT_EQ(notice_revision(earlier), 0U);
    EXPECT_EQ(render_notice(notice(), earlier), text);
}

TEST_F(Folder, TellsTheCollaborationAgainWhereItsFileWasEditedOrTorn) {
    lay("A", "556016-0680");
    FolderBooks books{root_};
    const auto file = root_ / "A/samsynk/collaboration.yaml";
    EXPECT_TRUE(books.write_notices({{"A", notice()}})[0].has_value());
    const std::string text = content_of(file);
    const std::string ended = std::string{text}.replace(text.find("state: "), 13, "state: ended ");
    for (const std::string& other :
         {std::string{}, text.substr(0, 40), text.substr(0, text.size() / 2), text.substr(0, text.size() - 1),
          std::string(text.size(), '\0'), ended, text + "revision: \"1\"\n", std::string{"- no\n: - map"}}) {
        write(file, other);
        EXPECT_EQ(find(books, "A").notice, 0U) << other;
        EXPECT_TRUE(books.write_notices({{"A", notice()}})[0].has_value());
        EXPECT_EQ(find(books, "A").notice, sync::fingerprint(notice())) << content_of(file);
        ASSERT_TRUE(told_notice(content_of(file))) << content_of(file);
        EXPECT_EQ(sync::fingerprint(*told_notice(content_of(file))), sync::fingerprint(notice()));
    }
}

TEST_F(Folder, TellsTheCollaborationAndKeepsWhatIsNotItsOwn) {
    lay("A", "556016-0680");
    FolderBooks books{root_};
    const auto file = root_ / "A/samsynk/collaboration.yaml";
    EXPECT_TRUE(books.write_notices({{"A", notice()}})[0].has_value());
    EXPECT_EQ(find(books, "A").notice, sync::fingerprint(notice()));
    const auto before = fs::last_write_time(file);
    EXPECT_TRUE(books.write_notices({{"A", notice()}})[0].has_value());
    EXPECT_EQ(fs::last_write_time(file), before);
    write(file, content_of(file) + "# min anteckning\neget: 1\n");
    auto ended = notice();
    ended.collaboration.state = sync::CollaborationState::ended;
    ended.collaboration.ended_at = "2026-12-01T00:00:00Z";
    ended.receiving_in_effect = false;
    EXPECT_TRUE(books.write_notices({{"A", ended}})[0].has_value());
    EXPECT_EQ(find(books, "A").notice, sync::fingerprint(ended));
    EXPECT_NE(content_of(file).find("# min anteckning\neget: 1\n"), std::string::npos);
}

}  // namespace
}  // namespace samsynk::installations
