#include "core/duration.hpp"

#include <gtest/gtest.h>

namespace samsynk {
namespace {

using namespace std::chrono_literals;

TEST(Duration, AsPeopleWriteIt) {
    EXPECT_EQ(parse_duration("90s"), 90s);
    EXPECT_EQ(parse_duration("45m"), 45min);
    EXPECT_EQ(parse_duration("45min"), 45min);
    EXPECT_EQ(parse_duration("2h"), 2h);
    EXPECT_EQ(parse_duration("14d"), 14 * 24h);
    EXPECT_EQ(parse_duration("0s"), 0s);
    EXPECT_EQ(parse_duration("99999999d"), 99999999 * 24h);
}

TEST(Duration, NothingElse) {
    for (const char* wrong : {"", "m", "45", "45 m", " 45m", "45m ", "-1m", "+1m", "1.5h", "1w", "1M", "123456789s"})
        EXPECT_FALSE(parse_duration(wrong)) << wrong;
}

}  // namespace
}  // namespace samsynk
