// A list without end comes to one: by companies, by time, by pages that bring nothing.
#include "agent/reading.hpp"

#include "support.hpp"

namespace samsynk::agent {
namespace {

using namespace std::chrono_literals;

std::vector<sync::Record> companies(std::uint64_t from, std::size_t count) {
    std::vector<sync::Record> records;
    for (std::uint64_t number = from; records.size() < count; ++number)
        if (const auto valid = OrgNumber::of(number)) records.push_back({.company = *valid});
    return records;
}

struct ReadingTest : testing::Test {
    ReadingTest() { sides.online = std::make_unique<support::FakeServicePort>(world.service, gate, world.clock_error); }
    World world;
    boost::asio::io_context context;
    support::Script calm;
    support::Gate gate{context.get_executor(), calm};
    Sides sides;
    Time now{1h};
};

TEST_F(ReadingTest, MoreCompaniesThanAnyAccountHasAreABadReply) {
    Reading reading{sides, now};
    const auto many = companies(5'520'000'000, 200'001);
    const std::vector<sync::Record> allowed{many.begin(), many.begin() + 200'000};
    EXPECT_TRUE(reading.look(allowed, true, now).has_value());
    EXPECT_TRUE(reading.look(allowed, true, now).has_value()) << "the same ones again are no more";
    EXPECT_EQ(reading.look({many.back()}, true, now).error().code, Errc::bad_reply);
}

TEST_F(ReadingTest, AnEmptyPageOfAListWithMoreBehindItIsABadReply) {
    Reading reading{sides, now};
    RecordPage page;
    EXPECT_TRUE(reading.look_at_list(page, now).has_value()) << "an account without companies";
    page.next = "more";
    EXPECT_TRUE(reading.look_at_list(page, now).has_value()) << "what it named can't be read";
    page.nothing = true;
    EXPECT_EQ(reading.look_at_list(page, now).error().code, Errc::bad_reply);
}

TEST_F(ReadingTest, ItEndsAfterTwentyMinutes) {
    Reading reading{sides, now};
    EXPECT_TRUE(reading.look({}, true, now + 20min).has_value());
    EXPECT_EQ(reading.look({}, true, now + 21min).error().code, Errc::bad_reply);
    EXPECT_TRUE(reading.look({}, false, now + 21min).has_value()) << "the last page is used, late as it is";
}

TEST_F(ReadingTest, PagesAloneAreNoProgressForTheWatchdog) {
    const std::uint64_t before = sides.steps();
    {
        Reading reading{sides, now};
        const auto some = companies(5'520'000'000, 3);
        EXPECT_EQ(sides.steps(), before);
        (void)reading.look(some, true, now);
        const std::uint64_t with_news = sides.steps();
        EXPECT_GT(with_news, before);
        for (int page = 0; page < 10; ++page) (void)reading.look(some, true, now);
        EXPECT_EQ(sides.steps(), with_news);
        EXPECT_TRUE(*sides.requests_before_reading);
    }
    EXPECT_FALSE(*sides.requests_before_reading) << "afterwards requests count again";
}

}  // namespace
}  // namespace samsynk::agent
