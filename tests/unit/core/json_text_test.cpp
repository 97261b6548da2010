#include "core/json_text.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <boost/json.hpp>

namespace samsynk {
namespace {

std::string read(const std::string& inner) {
    boost::system::error_code code;
    const auto value = boost::json::parse(readable_json("[\"" + inner + "\"]"), code);
    return code ? "?" : std::string{value.at(0).as_string()};
}

TEST(JsonText, WhatIsNoTextStandsAsNoCharacter) {
    const std::string none{no_character};
    EXPECT_EQ(read("a\\ud800b"), "a" + none + "b");
    EXPECT_EQ(read("\\udc00"), none);
    EXPECT_EQ(read("\\ud800\\ud800\\udc00"), none + "\xF0\x90\x80\x80");
    EXPECT_EQ(read("\xE5ngstr\xF6m"), none + "ngstr" + none + "m");
    EXPECT_EQ(read("\xC3"), none);
}

TEST(JsonText, WhatIsTextStaysAsItIs) {
    for (const char* text : {"åäö", "\\ud83d\\ude00", "\\u00e5", "a\\\\ud800", "\\\"", "\\n\\\\", "\xEF\xBF\xBD"}) {
        const std::string json = "[\"" + std::string{text} + "\"]";
        EXPECT_EQ(readable_json(json), json);
    }
    EXPECT_EQ(readable_json("\\"), "\\");
    EXPECT_EQ(readable_json("\\u12"), "\\u12");
}

TEST(JsonText, AnyBytesComeToAnEnd) {
    EXPECT_TRUE(rc::check(
        [](const std::string& text) { RC_ASSERT(readable_json(readable_json(text)) == readable_json(text)); }));
}

}  // namespace
}  // namespace samsynk
