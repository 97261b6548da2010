#include "core/org_number.hpp"

#include <gtest/gtest.h>

namespace samsynk {
namespace {

Errc code_of(std::string_view text) { return OrgNumber::parse(text).error().code; }

TEST(OrgNumber, ReadsTheFormsOfTheField) {
    for (const char* text :
         {"5560160680", "556016-0680", " 556016-0680\r", "165560160680", "16556016-0680", "SE556016068001"})
        EXPECT_EQ(OrgNumber::parse(text).value().digits(), "5560160680") << text;
}

TEST(OrgNumber, RefusesWrongCheckDigitsPlaceholdersAndOtherTexts) {
    EXPECT_EQ(code_of("556060-2345"), Errc::invalid_number);
    EXPECT_EQ(code_of("555555-5555"), Errc::placeholder_number);
    EXPECT_EQ(code_of("000000-0000"), Errc::placeholder_number);
    EXPECT_EQ(code_of(""), Errc::missing_number);
    EXPECT_EQ(code_of("  "), Errc::missing_number);
    EXPECT_EQ(code_of("55601606801"), Errc::invalid_number);
    EXPECT_EQ(code_of("556016o680"), Errc::invalid_number);
}

struct Spelling {
    const char* text;
    const char* digits;  ///< null: refused
};

// How programs, registers and people write them.
const std::vector<Spelling>& spellings() {
    static const std::vector<Spelling> all{
        // A company's.
        {"5560160680", "5560160680"},
        {"556016-0680", "5560160680"},
        {" 556016-0680 ", "5560160680"},
        {"\t556016-0680\r\n", "5560160680"},
        {"556016 0680", "5560160680"},
        {"556016 - 0680", "5560160680"},
        {"55 60 16 06 80", "5560160680"},
        {"5 5 6 0 1 6 0 6 8 0", "5560160680"},
        {"\u00a0"
         "556016\u00a00680",
         "5560160680"},
        {"556016\u202f0680", "5560160680"},
        {"556016\u20070680", "5560160680"},
        {"\ufeff"
         "556016-0680",
         "5560160680"},
        {"556016\u20100680", "5560160680"},
        {"556016\u20110680", "5560160680"},
        {"556016\u20120680", "5560160680"},
        {"556016\u20130680", "5560160680"},
        {"556016\u20140680", "5560160680"},
        {"556016\u20150680", "5560160680"},
        {"556016\u22120680", "5560160680"},
        {"556016\x96"
         "0680",
         "5560160680"},
        {"556016+0680", "5560160680"},
        {"165560160680", "5560160680"},
        {"16556016-0680", "5560160680"},
        {"16 556016-0680", "5560160680"},
        {"16-556016-0680", "5560160680"},
        {"16 55 60 16 06 80", "5560160680"},
        {"SE556016068001", "5560160680"},
        {"se556016068001", "5560160680"},
        {"Se556016068001", "5560160680"},
        {"SE 556016068001", "5560160680"},
        {"SE 556016-0680 01", "5560160680"},
        {"SE556016-068001", "5560160680"},
        {"SE5560160680", "5560160680"},
        {"SE 556016-0680", "5560160680"},
        {"SE\u00a0"
         "556016\u20130680\u00a0"
         "01",
         "5560160680"},
        {"212000-0142", "2120000142"},
        {"802002-8711", "8020028711"},
        {"969663-7033", "9696637033"},
        {"702001-7781", "7020017781"},
        {"SE212000014201", "2120000142"},
        {"SE 8020028711 01", "8020028711"},
        {"556036-0793", "5560360793"},
        {"556074-7569", "5560747569"},
        {"556703-7485", "5567037485"},
        // A person's.
        {"800101-1231", "8001011231"},
        {"8001011231", "8001011231"},
        {"19800101-1231", "8001011231"},
        {"198001011231", "8001011231"},
        {"20800101-1231", "8001011231"},
        {"18800101-1231", "8001011231"},
        {"800101+1231", "8001011231"},
        {"18800101+1231", "8001011231"},
        {"19 800101-1231", "8001011231"},
        {"16800101-1231", "8001011231"},
        {"SE800101123101", "8001011231"},
        {"800161-1238", "8001611238"},
        {"800191-1232", "8001911232"},
        {"640229-1238", "6402291238"},
        {"000229-1235", "0002291235"},
        {"640289-1235", "6402891235"},
        {"550101-1232", "5501011232"},
        {"500630-1237", "5006301237"},
        {"011231-1238", "0112311238"},
        // Nobody's: what programs are delivered with, and what people type to get on.
        {"000000-0000", nullptr},
        {"111111-1111", nullptr},
        {"111111-1116", nullptr},
        {"222222-2222", nullptr},
        {"333333-3333", nullptr},
        {"444444-4444", nullptr},
        {"555555-5555", nullptr},
        {"666666-6666", nullptr},
        {"777777-7777", nullptr},
        {"888888-8888", nullptr},
        {"999999-9999", nullptr},
        {"SE555555555501", nullptr},
        {"16 222222-2222", nullptr},
        {"121212-1212", nullptr},
        {"19121212-1212", nullptr},
        {"121212+1212", nullptr},
        {"123456-7897", nullptr},
        {"860510-0000", nullptr},
        {"800101-0001", nullptr},
        {"19860510-0000", nullptr},
        // A wrong check digit.
        {"556016-0681", nullptr},
        {"556060-2345", nullptr},
        {"800101-1232", nullptr},
        {"SE556016068101", nullptr},
        // The third digit is a person's, and it is no date.
        {"551399-1231", nullptr},
        {"800001-1232", nullptr},
        {"801301-1237", nullptr},
        {"800145-1239", nullptr},
        {"800132-1234", nullptr},
        {"800231-1234", nullptr},
        {"800230-1235", nullptr},
        {"810229-1237", nullptr},
        {"800431-1232", nullptr},
        {"800631-1230", nullptr},
        {"800931-1237", nullptr},
        {"801131-1233", nullptr},
        {"800100-1232", nullptr},
        {"800160-1239", nullptr},
        {"800192-1231", nullptr},
        {"800199-1234", nullptr},
        {"800291-1231", nullptr},
        {"005601-1232", nullptr},
        // No number, or more than one.
        {"", nullptr},
        {"  ", nullptr},
        {"-", nullptr},
        {"SE", nullptr},
        {"01", nullptr},
        {"556016", nullptr},
        {"55601606801", nullptr},
        {"556016o680", nullptr},
        {"556016-068", nullptr},
        {"556016--0680", nullptr},
        {"5560-160680", nullptr},
        {"55-6016-0680", nullptr},
        {"556016-0680-", nullptr},
        {"-556016-0680", nullptr},
        {"SE556016068002", nullptr},
        {"SE55601606801", nullptr},
        {"556016068001", nullptr},
        {"NO5560160680", nullptr},
        {"SE16556016068001", nullptr},
        {"215560160680", nullptr},
        {"175560160680", nullptr},
        {"556016/0680", nullptr},
        {"556016.0680", nullptr},
        {"5,560160680e9", nullptr},
        {"５５６０１６０６８０", nullptr},
        {"556016-0680 556036-0793", nullptr},
        {"+46 8 5560160680", nullptr}};
    return all;
}

TEST(OrgNumber, IsReadInEverySpellingThatCanMeanOneOnly) {
    ASSERT_GE(spellings().size(), 120U);
    for (const auto& [text, digits] : spellings()) {
        const auto number = OrgNumber::parse(text);
        ASSERT_EQ(number.has_value(), digits != nullptr) << "“" << text << "”";
        if (digits) {
            EXPECT_EQ(number->digits(), digits) << text;
            EXPECT_EQ(OrgNumber::of(std::stoull(digits)), *number) << "what was stored";
        } else {
            const Error& why = number.error();
            EXPECT_TRUE(why.code == Errc::missing_number || why.code == Errc::invalid_number ||
                        why.code == Errc::placeholder_number);
            EXPECT_TRUE(why.code == Errc::placeholder_number || why.message.args.empty()) << "it may be a person's";
        }
    }
}

TEST(OrgNumber, WhatAnEarlierVersionTookIsStillReadFromTheState) {
    EXPECT_TRUE(OrgNumber::of(1212121212).has_value());
    EXPECT_FALSE(OrgNumber::of(5560160681).has_value());
}

TEST(OrgNumber, MasksAPersonsNumberOnly) {
    EXPECT_EQ(OrgNumber::parse("550101-1232").value().masked(), "550101-****");
    EXPECT_EQ(OrgNumber::parse("19550101-1232").value().digits(), "5501011232");
    EXPECT_EQ(OrgNumber::parse("556016-0680").value().masked(), "556016-0680");
}

TEST(Message, FillsInValuesAndLeavesUnknownNamesAlone) {
    EXPECT_EQ(to_text(Message{"{a} and {b} and {c", {{"a", "1"}}}), "1 and {b} and {c");
}

}  // namespace
}  // namespace samsynk
