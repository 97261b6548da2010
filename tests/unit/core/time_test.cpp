#include "core/time.hpp"

#include <gtest/gtest.h>

namespace samsynk {
namespace {

TEST(Time, ReadsRfc3339) {
    for (const auto& [text, written] : {std::pair{"2026-11-02T08:00:00Z", "2026-11-02T08:00:00Z"},
                                        std::pair{"2026-11-02t08:00:00.987z", "2026-11-02T08:00:00Z"},
                                        std::pair{"2026-11-02 08:00:00+01:30", "2026-11-02T06:30:00Z"},
                                        std::pair{"2026-12-31T23:59:60Z", "2027-01-01T00:00:00Z"},
                                        std::pair{"2300-01-01T00:00:00-00:01", "2300-01-01T00:01:00Z"}})
        EXPECT_EQ(to_rfc3339(parse_rfc3339(text).value()), written) << text;
    EXPECT_EQ(parse_rfc3339("2026-11-02T08:00:00.9876Z").value().time_since_epoch().count() % 1000, 987);
}

TEST(Time, RefusesWhatOnlyLooksLikeIt) {
    for (const char* text :
         {"", "2026-11-02", "2026-11-02T08:00:00", "2026-1-2T8:0:0Z", "2026-11-02T+8:-1:+2Z",
          "2026-11-02T08:00:00+-1:-9", "2026-11-02T08:00:00.Z", "2026-02-29T00:00:00Z", "2026-11-02T24:00:00Z",
          "2026-11-02T08:00:00+24:00", "2026-11-02T08:00:00ZZ", " 026-11-02T08:00:00Z", "2026-11-02T08:00:00*01:00"})
        EXPECT_TRUE(parse_rfc3339(text).has_error()) << text;
}

TEST(Time, RefusesWhatCouldNotBeWrittenAgain) {
    EXPECT_TRUE(parse_rfc3339("0000-01-01T00:00:00+00:01").has_error());
    EXPECT_TRUE(parse_rfc3339("9999-12-31T23:59:60Z").has_error());
}

}  // namespace
}  // namespace samsynk
