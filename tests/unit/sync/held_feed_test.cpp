// How long an answer is asked to be held, and when that is given up.
#include "sync/held_feed.hpp"

#include <gtest/gtest.h>
#include "unit/sync/known.hpp"

namespace samsynk::sync {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

TEST(HeldFeed, IsHeldForLongAsLongAsNobodyCutsIt) {
    HeldFeed feed;
    EXPECT_EQ(feed.wait(now), HeldFeed::longest);
    for (int i = 0; i < 100; ++i) feed.answered(now);
    EXPECT_EQ(feed.wait(now), HeldFeed::longest);
    EXPECT_EQ(feed.pause(now, 1.0).count(), 0);
}

TEST(HeldFeed, LearnsWhatAProxyBearsAndStaysOpen) {
    HeldFeed feed;
    feed.cut(seconds{30}, now);
    EXPECT_EQ(feed.wait(now), seconds{15});
    EXPECT_FALSE(feed.polling());
    EXPECT_GT(feed.pause(now, 1.0).count(), 0) << "a moment after a cut, not at once";
    for (int i = 0; i < 10; ++i) feed.answered(now);
    EXPECT_EQ(feed.wait(now), seconds{20}) << "and tries a little more in time";
}

TEST(HeldFeed, PollsWhereItIsCutAgainAndAgainAndTriesAnewLater) {
    HeldFeed feed;
    for (unsigned i = 0; i < HeldFeed::patience; ++i) {
        EXPECT_FALSE(feed.polling());
        feed.cut(seconds{2}, now);
    }
    ASSERT_TRUE(feed.polling());
    EXPECT_EQ(feed.wait(now), seconds{0});
    EXPECT_EQ(feed.pause(now, 0.5), HeldFeed::poll_every);
    feed.answered(now);
    EXPECT_TRUE(feed.polling()) << "an answer that was not held proves nothing";
    const Time later = now + HeldFeed::hold_again;
    EXPECT_EQ(feed.wait(later), HeldFeed::longest);
    feed.answered(later);
    EXPECT_FALSE(feed.polling());
}

TEST(HeldFeed, AClockThatIsSetBackDoesNotMakeItPollLonger) {
    HeldFeed feed;
    for (unsigned i = 0; i < HeldFeed::patience; ++i) feed.cut(seconds{2}, now);
    EXPECT_EQ(feed.wait(now - std::chrono::hours{5}), HeldFeed::longest);
}

TEST(HeldFeed, PollsOnAfterOneMoreCut) {
    HeldFeed feed;
    for (unsigned i = 0; i < HeldFeed::patience; ++i) feed.cut(seconds{2}, now);
    const Time later = now + HeldFeed::hold_again;
    feed.cut(seconds{2}, later);
    EXPECT_TRUE(feed.polling());
    EXPECT_EQ(feed.wait(later + minutes{1}), seconds{0});
}

TEST(HeldFeed, WhatWasRefusedAtOnceSaysNothingOfHowLongItMayBeHeld) {
    HeldFeed feed;
    feed.cut(milliseconds{0}, now);
    EXPECT_EQ(feed.wait(now), HeldFeed::longest);
}

}  // namespace
}  // namespace samsynk::sync
