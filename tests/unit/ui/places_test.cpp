#include "ui/places.hpp"

#include <gtest/gtest.h>

namespace samsynk::ui {
namespace {

using std::chrono::seconds;

std::vector<Places::Number> fill(Places& places) {
    std::vector<Places::Number> numbers;
    for (int i = 0; i < Places::most; ++i) {
        const auto entry = places.enter(seconds{i});
        EXPECT_TRUE(entry && !entry->instead_of);
        numbers.push_back(entry->number);
    }
    return numbers;
}

TEST(Places, WhoHasWaitedLongestMakesRoom) {
    Places places;
    const auto numbers = fill(places);
    places.waits(numbers[0], seconds{70});
    const auto entry = places.enter(seconds{80});
    ASSERT_TRUE(entry && entry->instead_of);
    EXPECT_EQ(*entry->instead_of, numbers[1]);
    EXPECT_EQ(places.count(), Places::most);
    places.leave(numbers[1]);
    EXPECT_EQ(places.count(), Places::most) << "it had left already";
    places.leave(numbers[2]);
    EXPECT_FALSE(places.enter(seconds{81})->instead_of);
}

TEST(Places, AFewThatHaveShownATokenStayBeforeStrangers) {
    Places places;
    const auto numbers = fill(places);
    for (int i = 0; i < Places::most / 2; ++i) {
        places.is_answered(numbers[i], true);
        places.waits(numbers[i], seconds{0});
    }
    for (int i = Places::most / 2; i < Places::most; ++i)
        EXPECT_EQ(places.enter(seconds{100})->instead_of, numbers[i]) << i;
    // A flood of more of them drives out each other, and none of those.
    for (int i = 0; i < 1000; ++i) EXPECT_GT(*places.enter(seconds{200})->instead_of, numbers.back());
}

TEST(Places, WhereManyHaveShownATokenANewOneFindsRoomBesideThem) {
    Places places;
    const auto numbers = fill(places);
    for (const auto number : numbers) {
        places.is_answered(number, true);
        places.waits(number, seconds{90});
    }
    for (int i = 0; i < Places::most / 2; ++i) EXPECT_EQ(places.enter(seconds{100})->instead_of, numbers[i]);
    EXPECT_GT(*places.enter(seconds{101})->instead_of, numbers.back()) << "from half of them on strangers do";
}

TEST(Places, WhoHasShownATokenOnceIsKnownFromThenOn) {
    Places places;
    const auto numbers = fill(places);
    for (const auto number : numbers) {
        places.is_answered(number, true);
        places.is_answered(number, false);
        places.waits(number, seconds{90});
    }
    places.waits(numbers[7], seconds{89});
    EXPECT_EQ(places.enter(seconds{100})->instead_of, numbers[7]) << "where all are known, one of those";
}

TEST(Places, WhoIsBeingAnsweredIsNotSentAway) {
    Places places;
    for (const auto number : fill(places)) places.is_answered(number, true);
    EXPECT_FALSE(places.enter(seconds{100}));
    EXPECT_EQ(places.count(), Places::most);
}

}  // namespace
}  // namespace samsynk::ui
