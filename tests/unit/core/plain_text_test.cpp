#include "core/plain_text.hpp"

#include <gtest/gtest.h>

namespace samsynk {
namespace {

TEST(PlainText, KeepsUtf8AndReplacesTheRest) {
    EXPECT_EQ(valid_utf8("Övnbol ☕ 🧾"), "Övnbol ☕ 🧾");
    EXPECT_EQ(valid_utf8("a\xC3"), "a\uFFFD");
    EXPECT_EQ(valid_utf8("\xC0\xAF"), "\uFFFD\uFFFD");
    EXPECT_EQ(valid_utf8("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD");
}

TEST(PlainText, WritesOutWhatSteersATerminalOrBreaksALine) {
    EXPECT_EQ(one_line("A\x1b[2J\r\n\tB\x7f"), "A\\x1b[2J\\x0d\\n\\tB\\x7f");
    EXPECT_EQ(one_line(std::string_view{"\0", 1}), "\\x00");
    EXPECT_EQ(one_line("\u0080a\u009b31m\u009f"), "\\u0080a\\u009b31m\\u009f") << "terminals take it for ESC [";
    EXPECT_EQ(one_line("a\u2028b\u202Ec\u2066d\u2069"), "a\\u2028b\\u202ec\\u2066d\\u2069");
    EXPECT_EQ(one_line("\u00a0Å\u2027\u2030\u2065\u2070☕🧾\u200d"),
              "\u00a0Å\u2027\u2030\u2065\u2070☕🧾\u200d");
}

TEST(PlainText, WritesOutWhatIsThereWithoutBeingSeen) {
    EXPECT_EQ(one_line("a\u200eb\u200fc\u061cd\ufeffe\ufff9"), "a\\u200eb\\u200fc\\u061cd\\ufeffe\\ufff9");
    EXPECT_EQ(one_line("a\U000e0041b\U000e007f"), "a\\U000e0041b\\U000e007f");
    EXPECT_EQ(without_steering("a\u202eb\U000e0041\u009b\x1b\n\tÅ\xff☕"), "ab\n\tÅ\uFFFD☕");
}

TEST(PlainText, JsonStaysWhatItIs) {
    EXPECT_EQ(safe_in_json("{\"a\":\"Å\u009b\u202e\U000e0041☕\x7f\"}\n"),
              "{\"a\":\"Å\\u009b\\u202e\\udb40\\udc41☕\\u007f\"}\n");
}

TEST(PlainText, OfWhatIsNoUtf8NoByteIsLost) {
    EXPECT_EQ(one_line("F\xF6retag \x9b\xC2"), "F\xF6retag \x9b\xC2");
    EXPECT_EQ(plain("F\xF6retag \x9b[2J\n"), "F\uFFFDretag \uFFFD[2J\\n");
}

}  // namespace
}  // namespace samsynk
