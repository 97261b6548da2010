#include "store/error_codec.hpp"

#include <gtest/gtest.h>

namespace samsynk::store {
namespace {

TEST(ErrorCodec, CarriesAnyText) {
    const MessageArgs args{{"", ""}, {"3:a", "två\nrader"}, {std::string{"\0x", 2}, "5:"}};
    EXPECT_EQ(args_from_text(args_to_text(args)), args);
    EXPECT_EQ(args_to_text({{"a", "bc"}}), "1:a2:bc");
}

TEST(ErrorCodec, StopsAtNonsense) {
    EXPECT_TRUE(args_from_text("nonsense").empty());
    EXPECT_TRUE(args_from_text("9:a").empty());
    EXPECT_EQ(args_from_text("1:a1:b7").size(), 1U);
}

TEST(ErrorCodec, FindsEveryCode) {
    for (int code = 0; code <= static_cast<int>(Errc::daemon_unreachable); ++code)
        EXPECT_EQ(code_named(name_of(static_cast<Errc>(code))), static_cast<Errc>(code));
    EXPECT_EQ(code_named("of a newer version"), Errc::bad_record);
}

}  // namespace
}  // namespace samsynk::store
