#include "core/text.hpp"

#include <gtest/gtest.h>

namespace samsynk {
namespace {

TEST(Text, IsNeverCutWithinACharacter) {
    EXPECT_EQ(shortened("åäö", 6), "åäö");
    EXPECT_EQ(shortened("åäö", 5), "åä");
    EXPECT_EQ(shortened("åäö", 4), "åä");
    EXPECT_EQ(shortened("a\U0001F950b", 4), "a");
    EXPECT_EQ(shortened("å", 1), "");
    EXPECT_EQ(shortened("", 0), "");
}

TEST(Text, KnowsControlCharactersAndBlanksThem) {
    EXPECT_FALSE(has_control_characters("a\tb\r\nåäö"));
    EXPECT_TRUE(has_control_characters(std::string_view{"a\0b", 3}));
    EXPECT_TRUE(has_control_characters("a\x04"));
    EXPECT_TRUE(has_control_characters("\x7f"));
    EXPECT_EQ(on_one_line("A\x1b[2J\r\nÅ\tB"), "A [2J  Å B");
}

}  // namespace
}  // namespace samsynk
