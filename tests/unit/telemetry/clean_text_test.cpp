#include "telemetry/clean_text.hpp"

#include <gtest/gtest.h>

namespace samsynk::telemetry {
namespace {

TEST(CleanText, MasksPersonsOnly) {
    EXPECT_EQ(without_personal_numbers("8001011231"), "800101-****");
    EXPECT_EQ(without_personal_numbers("see 800101-1231, or 198001011231."), "see 800101-****, or 800101-****.");
    EXPECT_EQ(without_personal_numbers("19800101-1231"), "800101-****");
    EXPECT_EQ(without_personal_numbers("556016-0680 and 5560160680"), "556016-0680 and 5560160680");
}

TEST(CleanText, LeavesOtherDigitsAlone) {
    for (const char* text : {"1762070400000", "8001011230", "800101-12", "800101-12311", "2026-11-02T08:00:00Z", ""})
        EXPECT_EQ(without_personal_numbers(text), text);
}

}  // namespace
}  // namespace samsynk::telemetry
