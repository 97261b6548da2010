// SIE files as programs, people and file servers leave them, each with what a person would read of it.
#include <gtest/gtest.h>

#include "installations/folder/sie.hpp"
#include "installations/folder/text_encoding.hpp"

namespace samsynk::installations {
namespace {

struct Case {
    const char* what;
    std::string text;
    std::string number, name;
    int exported = 0, year_end = 0;
};

// What nearly every file begins with.
std::string head(const std::string& rest) { return "#FLAGGA 0\r\n#PROGRAM \"Bokslut\" 1.0\r\n#FORMAT PC8\r\n" + rest; }
std::string named(const std::string& name) { return head("#ORGNR 556016-0680\r\n#FNAMN " + name + "\r\n"); }
// Accounts whose names tell what the file is written in.
const std::string dos_accounts = "#KONTO 1910 \"Kassa f\x94r \x86ret\"\r\n#KONTO 2440 \"Leverant\x94rsskulder\"\r\n";
const std::string windows_accounts =
    "#KONTO 1910 \"Kassa f\xF6r \xE5ret\"\r\n#KONTO 2440 \"Leverant\xF6rsskulder\"\r\n";

std::string utf16(const std::string& ascii, bool little) {
    std::string text = little ? "\xFF\xFE" : "\xFE\xFF";
    for (const char c : ascii) {
        const std::string unit = little ? std::string{c, '\0'} : std::string{'\0', c};
        text += unit;
    }
    return text;
}

std::string sie5(const std::string& info) {
    return "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Sie xmlns=\"http://www.sie.se/sie5\">\n<FileInfo>" + info +
           "</FileInfo>\n<Accounts/></Sie>\n";
}

const std::vector<Case>& names() {
    static const std::vector<Case> all{
        {"in quotes", named("\"Berg & Dal AB\""), "556016-0680", "Berg & Dal AB"},
        {"without quotes", named("Berg och Dal AB"), "556016-0680", "Berg och Dal AB"},
        {"without quotes, with blanks", named("  Berg   och Dal AB \t"), "556016-0680", "Berg   och Dal AB"},
        {"a tab before it", head("#ORGNR\t556016-0680\r\n#FNAMN\t\"Berg AB\"\r\n"), "556016-0680", "Berg AB"},
        {"quotes within", named("\"Snickar \"Nisse\" AB\""), "556016-0680", "Snickar \"Nisse\" AB"},
        {"quotes within, escaped", named("\"Snickar \\\"Nisse\\\" AB\""), "556016-0680", "Snickar \"Nisse\" AB"},
        {"quotes within, twice", named("\"Snickar \"\"Nisse\"\" AB\""), "556016-0680", "Snickar \"Nisse\" AB"},
        {"a backslash", named("\"Ljus\\Ljud AB\""), "556016-0680", "Ljus\\Ljud AB"},
        {"a quote that is not closed", named("\"Berg AB"), "556016-0680", "Berg AB"},
        {"a quote that is not opened", named("Berg AB\""), "556016-0680", "Berg AB\""},
        {"quotes of a word processor",
         named("\xE2\x80\x9C"
               "Berg AB\xE2\x80\x9D"),
         "556016-0680", "Berg AB"},
        {"quotes of Windows",
         named("\x93"
               "Berg AB\x94"),
         "556016-0680", "Berg AB"},
        {"blanks about it", named("\"  Berg AB  \""), "556016-0680", "Berg AB"},
        {"no-break spaces about it",
         named("\"\xC2\xA0"
               "Berg AB\xC2\xA0\""),
         "556016-0680", "Berg AB"},
        {"blanks only", named("\"   \""), "556016-0680", ""},
        {"nothing", named("\"\""), "556016-0680", ""},
        {"no field", head("#ORGNR 556016-0680\r\n#FNAMN\r\n"), "556016-0680", ""},
        {"no label", head("#ORGNR 556016-0680\r\n"), "556016-0680", ""},
        {"a label in small letters", "#flagga 0\n#orgnr 556016-0680\n#fnamn \"Berg AB\"\n", "556016-0680", "Berg AB"},
        {"the first of two", named("\"Berg AB\"") + "#FNAMN \"Dal AB\"\r\n", "556016-0680", "Berg AB"},
        {"an apostrophe", named("\"O'Learys AB\""), "556016-0680", "O'Learys AB"},
        {"a number sign", named("\"Firma #1 AB\""), "556016-0680", "Firma #1 AB"},
        {"braces", named("\"{Berg} AB\""), "556016-0680", "{Berg} AB"},
        {"a very long one", named("\"" + std::string(10'000, 'x') + "\""), "556016-0680", std::string(250, 'x')},
        {"a long one that is cut at a blank", named("\"" + std::string(249, 'x') + "   y\""), "556016-0680",
         std::string(249, 'x')},
        {"a control character", named("\"Berg\x1b[2J AB\""), "556016-0680", "Berg [2J AB"},
    };
    return all;
}

const std::vector<Case>& letters() {
    static const std::vector<Case> all{
        {"DOS", named("\"\x8Fkeriet i \x8Elmhult\""), "556016-0680", "Åkeriet i Älmhult"},
        {"DOS, capitals", named("\"\x8F\x8E\x99 AB\""), "556016-0680", "ÅÄÖ AB"},
        {"DOS, é", named("\"Caf\x82 AB\""), "556016-0680", "Café AB"},
        {"DOS, ü", named("\"M\x81ller AB\""), "556016-0680", "Müller AB"},
        {"DOS, ø of 850", named("\"S\x9Bren H\x94st\""), "556016-0680", "Søren Höst"},
        {"DOS, Ø of 850", named("\"\x9Drsted & \x8Fkerman\""), "556016-0680", "Ørsted & Åkerman"},
        {"DOS, Á of 850", named("\"\xB5rnason \x84lv\""), "556016-0680", "Árnason älv"},
        {"DOS, ã of 850", named("\"Jo\xC6o F\x94rs\""), "556016-0680", "João Förs"},
        {"DOS, § at its own byte", named("\"Lag \x15 5 \x94 AB\""), "556016-0680", "Lag § 5 ö AB"},
        {"§ in a name of ASCII", named("\"Lag \x15 5 AB\""), "556016-0680", "Lag § 5 AB"},
        {"æ, by the accounts", named("\"Sk\x91rmaskin AB\"") + dos_accounts, "556016-0680", "Skærmaskin AB"},
        {"ø alone", named("\"S\x9Bren AB\"") + dos_accounts, "556016-0680", "Søren AB"},
        {"Latin-1", named("\"\xC5keriet i \xC4lmhult\""), "556016-0680", "Åkeriet i Älmhult"},
        {"Latin-1, Ö", named("\"\xD6lands f\xE5r\""), "556016-0680", "Ölands får"},
        {"Windows, dash", named("\"Berg \x96 D\xE4l AB\""), "556016-0680", "Berg – Däl AB"},
        {"Windows, dash, ASCII else", named("\"Berg \x96 Dal AB\""), "556016-0680", "Berg – Dal AB"},
        {"Windows, apostrophe", named("\"Anna\x92s H\xE5r AB\""), "556016-0680", "Anna’s Hår AB"},
        {"Windows, apostrophe, ASCII else", named("\"Anna\x92s AB\""), "556016-0680", "Anna’s AB"},
        {"Windows, euro", named("\"\x80uro f\xF6r alla\""), "556016-0680", "€uro för alla"},
        {"Windows, Š", named("\"\x8Akoda & \xD6gren\""), "556016-0680", "Škoda & Ögren"},
        {"Windows, ž", named("\"Ble\x9E \xE5 AB\""), "556016-0680", "Blež å AB"},
        {"ø, by the accounts", named("\"S\xF8ren AB\"") + windows_accounts, "556016-0680", "Søren AB"},
        {"æ, by the accounts", named("\"K\xE6r AB\"") + windows_accounts, "556016-0680", "Kær AB"},
        {"è, by the accounts", named("\"Cr\xE8me AB\"") + windows_accounts, "556016-0680", "Crème AB"},
        {"ñ, by the accounts",
         named("\"Ma\xF1"
               "ana AB\"") +
             windows_accounts,
         "556016-0680", "Mañana AB"},
        {"ç, by the accounts", named("\"Gar\xE7on AB\"") + windows_accounts, "556016-0680", "Garçon AB"},
        {"á, by the accounts", named("\"P\xE1l AB\"") + windows_accounts, "556016-0680", "Pál AB"},
        {"è alone", named("\"Cr\xE8me AB\""), "556016-0680", "Crème AB"},
        {"ø alone in Latin-1", named("\"S\xF8ren AB\""), "556016-0680", "Søren AB"},
        {"own letters before the file's", named("\"\xC5kers AB\"") + dos_accounts, "556016-0680", "Åkers AB"},
        {"own letters, the other way", named("\"\x8Fkers AB\"") + windows_accounts, "556016-0680", "Åkers AB"},
        {"a stray line of Latin-1", named("\"S\x9Bren AB\"") + dos_accounts + "#KONTO 1 \"f\xF6r\"\r\n", "556016-0680",
         "Søren AB"},
        {"UTF-8", named("\"Åkeriet Ö AB\""), "556016-0680", "Åkeriet Ö AB"},
        {"UTF-8, of other languages", named("\"Łódź 株式会社\""), "556016-0680", "Łódź 株式会社"},
        {"UTF-8 in a file of DOS", named("\"Åkeriet AB\"") + dos_accounts, "556016-0680", "Åkeriet AB"},
        {"UTF-8 with a mark", "\xEF\xBB\xBF" + named("\"Åkeriet AB\""), "556016-0680", "Åkeriet AB"},
        {"UTF-16, little", utf16(named("\"Berg AB\""), true), "556016-0680", "Berg AB"},
        {"UTF-16, big", utf16(named("\"Berg AB\""), false), "556016-0680", "Berg AB"},
    };
    return all;
}

const std::vector<Case>& forms() {
    static const std::vector<Case> all{
        {"Macs of old end lines so", "#FLAGGA 0\r#ORGNR 556016-0680\r#FNAMN \"Berg AB\"\r", "556016-0680", "Berg AB"},
        {"lines of Unix", "#FLAGGA 0\n#ORGNR 556016-0680\n#FNAMN \"Berg AB\"\n", "556016-0680", "Berg AB"},
        {"a line before the first label", "Exporterad av Bokslut\r\n" + named("\"Berg AB\""), "556016-0680", "Berg AB"},
        {"blank lines before", "\r\n \r\n" + named("\"Berg AB\""), "556016-0680", "Berg AB"},
        {"blanks before labels", "  #FLAGGA 0\n  #ORGNR 556016-0680\n\t#FNAMN \"Berg AB\"\n", "556016-0680", "Berg AB"},
        {"no end of the last line", "#FLAGGA 0\n#FNAMN \"Berg AB\"\n#ORGNR 556016-0680", "556016-0680", "Berg AB"},
        {"the number in quotes", head("#ORGNR \"556016-0680\"\r\n"), "556016-0680", ""},
        {"without a dash", head("#ORGNR 5560160680\r\n"), "5560160680", ""},
        {"with activity and vouchers", head("#ORGNR 556016-0680 1 2\r\n"), "556016-0680", ""},
        {"with a blank for the dash", head("#ORGNR 556016 0680\r\n"), "556016 0680", ""},
        {"with a blank and an activity", head("#ORGNR 556016 0680 1\r\n"), "556016 0680", ""},
        {"with a century", head("#ORGNR 165560160680\r\n"), "165560160680", ""},
        {"VAT", head("#ORGNR SE556016068001\r\n"), "SE556016068001", ""},
        {"VAT in parts", head("#ORGNR SE 556016-0680 01\r\n"), "SE 556016-0680", ""},
        {"of a person", head("#ORGNR 800101-1231\r\n"), "800101-1231", ""},
        {"empty", head("#ORGNR \"\"\r\n#FNAMN \"Berg AB\"\r\n"), "", "Berg AB"},
        {"without a field", head("#ORGNR\r\n#FNAMN \"Berg AB\"\r\n"), "", "Berg AB"},
        {"the second where the first is empty", head("#ORGNR\r\n#ORGNR 556016-0680\r\n"), "556016-0680", ""},
        {"not a number is kept as it is", head("#ORGNR okänt 1\r\n"), "okänt", ""},
        {"nothing after the first voucher", head("#FNAMN \"Berg AB\"\r\n#VER A 1 20260101\r\n#ORGNR 556016-0680\r\n"),
         "", "Berg AB"},
        {"after a long chart of accounts", head(std::string(300 * 1024, ' ') + "\r\n#ORGNR 556016-0680\r\n"),
         "556016-0680", ""},
        {"SIE 4I of payroll",
         "#FLAGGA 0\n#FORMAT PC8\n#SIETYP 4\n#PROGRAM \"Lön\" 1\n#GEN 20260131\n#FNAMN \"Berg AB\"\n#VER \"\" \"\" "
         "20260131\n",
         "", "Berg AB", 20260131},
        {"days",
         head("#GEN 20251231 AK\r\n#RAR 0 20250101 20251231\r\n#RAR -1 20240101 20241231\r\n#ORGNR 556016-0680\r\n"),
         "556016-0680", "", 20251231, 20251231},
        {"days with dashes", head("#GEN 2025-12-31\r\n#RAR 0 2025-07-01 2026-06-30\r\n#ORGNR 556016-0680\r\n"),
         "556016-0680", "", 20251231, 20260630},
        {"days in quotes", head("#GEN \"20251231\"\r\n#RAR \"0\" \"20250101\" \"20251231\"\r\n"), "", "", 20251231,
         20251231},
        {"the earlier year first", head("#RAR -1 20230101 20231231\r\n#RAR 0 20240101 20241231\r\n"), "", "", 0,
         20241231},
        {"no days", head("#GEN\r\n#RAR 0\r\n"), "", ""},
        {"impossible days", head("#GEN 20251399\r\n#RAR 0 1 2\r\n"), "", ""},
        {"a day of another age", head("#GEN 00010101\r\n"), "", ""},
        {"SIE 5",
         sie5("<SoftwareProduct name=\"X\"/><FileCreation time=\"2026-02-03T04:05:06\" by=\"X\"/><Company "
              "organizationId=\"556016-0680\" name=\"Åkeriet AB\"/><FiscalYears><FiscalYear start=\"2025-01\" "
              "end=\"2025-12\" primary=\"true\"/><FiscalYear start=\"2024-01\" end=\"2024-12\"/></FiscalYears>"),
         "556016-0680", "Åkeriet AB", 20260203, 20251231},
        {"SIE 5 with a prefix",
         "<sie:Sie xmlns:sie=\"http://www.sie.se/sie5\"><sie:FileInfo><sie:Company name='Berg &amp; Dal' "
         "organizationId='5560160680'/></sie:FileInfo></sie:Sie>",
         "5560160680", "Berg & Dal"},
        {"SIE 5 for reading in",
         "<SieEntry xmlns=\"http://www.sie.se/sie5\"><FileInfo><Company "
         "organizationId=\"556016-0680\"/></FileInfo></SieEntry>",
         "556016-0680", ""},
        {"SIE 5 without a number", sie5("<Company name=\"Berg AB\"/>"), "", "Berg AB"},
        {"SIE 5 that is cut behind the company",
         "<Sie><FileInfo><Company organizationId=\"556016-0680\" name=\"Berg AB\"/><Acc", "556016-0680", "Berg AB"},
        {"SIE 5 with a mark", "\xEF\xBB\xBF" + sie5("<Company organizationId=\"556016-0680\" name=\"Ö\"/>"),
         "556016-0680", "Ö"},
        {"SIE 5 in UTF-16", utf16(sie5("<Company organizationId=\"556016-0680\" name=\"Berg\"/>"), true), "556016-0680",
         "Berg"},
        {"SIE 5 in Latin-1",
         "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><Sie><FileInfo><Company organizationId=\"556016-0680\" "
         "name=\"\xC5kers\"/></FileInfo></Sie>",
         "556016-0680", "Åkers"},
        {"of two companies in SIE 5 the first",
         sie5("<Company organizationId=\"556016-0680\"/><Company organizationId=\"556036-0793\"/>"), "556016-0680", ""},
    };
    return all;
}

void read_as_a_person_would(const std::vector<Case>& cases) {
    for (const Case& one : cases) {
        const auto identity = read_sie_identity(one.text, "bok.se");
        ASSERT_TRUE(identity.has_value()) << one.what;
        EXPECT_EQ(identity->number, one.number) << one.what;
        EXPECT_EQ(identity->name, one.name) << one.what;
        EXPECT_EQ(identity->exported, one.exported) << one.what;
        EXPECT_EQ(identity->year_end, one.year_end) << one.what;
    }
}

TEST(SieCases, Names) { read_as_a_person_would(names()); }
TEST(SieCases, Letters) { read_as_a_person_would(letters()); }
TEST(SieCases, Forms) { read_as_a_person_would(forms()); }
TEST(SieCases, AreMany) { EXPECT_GE(names().size() + letters().size() + forms().size(), 100U); }

TEST(SieCases, WhatIsNoSieFileIsSaidToBeNone) {
    for (const std::string& text :
         {std::string{}, std::string(4096, '\0'), std::string{"\0\x05\x16\x07\0\x02\0\0Mac OS X", 16},
          std::string{"PK\x03\x04"}, std::string{"<!DOCTYPE html><html>"}, std::string{"<html><body/></html>"},
          std::string{"<?xml version=\"1.0\"?><a/>"}, std::string{"{\"a\": 1}"},
          std::string{"# en rubrik\n## en till\n"}, std::string{"Datum;Belopp\n2026-01-01;1\n"},
          std::string{"<?xml version=\"1.0\"?><!DOCTYPE Sie [<!ENTITY a \"b\">]><Sie><FileInfo><Company "
                      "organizationId=\"556016-0680\" name=\"&a;\"/></FileInfo></Sie>"}}) {
        const auto identity = read_sie_identity(text, "bok.se");
        ASSERT_TRUE(identity.has_error()) << text;
        EXPECT_EQ(identity.error().code, Errc::bad_file);
        EXPECT_EQ(to_text(identity.error().message),
                  "bok.se is not a SIE file. Export the company again from the accounting program.");
    }
}

TEST(SieCases, OfSie5WithoutACompanyItIsSaidThatItIsSie5) {
    for (const std::string& text : {sie5(""), std::string{"<Sie><FileInfo>"}, std::string{"<Sie><FileInfo></Wrong>"}}) {
        const auto identity = read_sie_identity(text, "bok.se");
        ASSERT_TRUE(identity.has_error()) << text;
        EXPECT_NE(to_text(identity.error().message).find("SIE 5"), std::string::npos);
    }
}

TEST(SieCases, TheFolderThatAnExportCameFromIsRead) {
    EXPECT_EQ(
        read_sie_identity(head("#FNR \"C:\\ProgramData\\SPCS\\F\x94retag\\Ovnbol2000\"\r\n"), "f")->company_folder,
        "C:\\ProgramData\\SPCS\\Företag\\Ovnbol2000");
}

// Every name of letters that a page has, written in it, is read as it was: as soon as å, ä or ö is among them.
TEST(SieCases, ANameIsReadInWhateverItWasWritten) {
    const std::vector<std::pair<std::string, std::pair<std::string, std::string>>> of{
        {"å", {"\x86", "\xE5"}}, {"ä", {"\x84", "\xE4"}}, {"ö", {"\x94", "\xF6"}}, {"Å", {"\x8F", "\xC5"}},
        {"Ä", {"\x8E", "\xC4"}}, {"Ö", {"\x99", "\xD6"}}, {"é", {"\x82", "\xE9"}}, {"è", {"\x8A", "\xE8"}},
        {"ü", {"\x81", "\xFC"}}, {"ø", {"\x9B", "\xF8"}}, {"æ", {"\x91", "\xE6"}}, {"ñ", {"\xA4", "\xF1"}},
        {"á", {"\xA0", "\xE1"}}, {"ó", {"\xA2", "\xF3"}}, {"Ø", {"\x9D", "\xD8"}}, {"ç", {"\x87", "\xE7"}}};
    for (std::size_t swedish = 0; swedish < 6; ++swedish)
        for (const auto& [letter, bytes] : of)
            for (const char* between : {"", " ", "b", "-"}) {
                const auto& [own, own_bytes] = of[swedish];
                const std::string text = own + "n" + between + letter + "r";
                EXPECT_EQ(utf8_from_sie(own_bytes.first + "n" + between + bytes.first + "r"), text);
                EXPECT_EQ(utf8_from_sie(own_bytes.second + "n" + between + bytes.second + "r"), text);
                EXPECT_EQ(utf8_from_sie(text), text);
            }
}

}  // namespace
}  // namespace samsynk::installations
