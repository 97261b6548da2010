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
