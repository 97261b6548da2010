#include "core/personal_numbers.hpp"

#include <gtest/gtest.h>

namespace samsynk {
namespace {

TEST(PersonalNumbers, AreMaskedHoweverTheyAreWritten) {
    for (const char* text : {"8001011231", "800101-1231", "198001011231", "19800101-1231", "800101+1231"})
        EXPECT_EQ(without_personal_numbers(text), "800101-****") << text;
    for (const char* text : {"800101 1231", "19800101 1231", "800101\u00a01231", "800101\u202f1231", "800101\u20131231",
                             "800101\u20111231", "800101\u22121231", "800101_1231", "800101 - 1231",
                             "800101 \u2013 1231", "19800101  1231", "800101 + 1231"})
        EXPECT_EQ(without_personal_numbers(text), "800101-****") << text;
    EXPECT_EQ(without_personal_numbers("a 800101 - 1231 b"), "a 800101-**** b");
    EXPECT_EQ(without_personal_numbers("SE800101123101."), "SE800101-****.") << "a VAT number";
}

TEST(PersonalNumbers, OthersStand) {
    for (const char* text :
         {"556016-0680", "SE556016068001", "1764089000", "2026-11-02T12:00:00Z", "800101-1232", "80010112310",
          "800101 12310", "800101--1231", "800101, 1231", "800101 1232", "20261102 1200", "800101 ", "800101"})
        EXPECT_EQ(without_personal_numbers(text), text);
}

TEST(PersonalNumbers, MistypedOnesWhereThatIsAskedFor) {
    const auto strict = [](const char* text) { return without_personal_numbers(text, Numbers::also_mistyped); };
    EXPECT_EQ(strict("Anna 800101-1232, 19800161-1232"), "Anna 800101-****, 800161-****");
    EXPECT_EQ(strict("800101 \u2013 1232, 800101_1232, 20261102 1200"), "800101-****, 800101-****, 20261102 1200");
    EXPECT_EQ(strict("556016-0681 801301-1232 2026-11-02"), "556016-0681 801301-1232 2026-11-02");
}

TEST(PersonalNumbers, MasksPersonsOnly) {
    EXPECT_EQ(without_personal_numbers("8001011231"), "800101-****");
    EXPECT_EQ(without_personal_numbers("see 800101-1231, or 198001011231."), "see 800101-****, or 800101-****.");
    EXPECT_EQ(without_personal_numbers("19800101-1231"), "800101-****");
    EXPECT_EQ(without_personal_numbers("556016-0680 and 5560160680"), "556016-0680 and 5560160680");
}

TEST(PersonalNumbers, LeavesOtherDigitsAlone) {
    for (const char* text : {"1762070400000", "8001011230", "800101-12", "800101-12311", "2026-11-02T08:00:00Z", ""})
        EXPECT_EQ(without_personal_numbers(text), text);
}

}  // namespace
}  // namespace samsynk
