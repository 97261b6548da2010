#include "control/admission.hpp"

#include <gtest/gtest.h>

namespace samsynk::control {
namespace {

Peer user(uid_t uid, Access access = Access::act) { return {access, "u" + std::to_string(uid), uid, false}; }
const Peer root{Access::act, "root", 0, true};

std::size_t let_in(Admission& admission, const Peer& peer, std::size_t times) {
    std::size_t entered = 0;
    for (std::size_t n = 0; n < times; ++n) entered += admission.enter(peer);
    return entered;
}

TEST(Admission, OneUserTakesNotAllThePlaces) {
    Admission admission;
    EXPECT_EQ(let_in(admission, user(7), 1000), Admission::most_a_user);
    EXPECT_TRUE(admission.enter(user(8)));
    admission.leave(user(7));
    EXPECT_TRUE(admission.enter(user(7)));
}

TEST(Admission, RootFindsAPlaceWhateverOthersDo) {
    Admission admission;
    for (uid_t uid = 1; uid < 10; ++uid) let_in(admission, user(uid), 1000);
    EXPECT_FALSE(admission.enter(user(99)));
    EXPECT_EQ(let_in(admission, root, 1000), Admission::reserved);
}

TEST(Admission, StrangersTogetherTakeAFew) {
    Admission admission;
    std::size_t entered = 0;
    for (uid_t uid = 1; uid < 100; ++uid) entered += admission.enter(user(uid, Access::none));
    EXPECT_EQ(entered, Admission::most_strangers);
    EXPECT_TRUE(admission.enter(user(100, Access::look)));
    admission.leave(user(1, Access::none));
    EXPECT_TRUE(admission.enter(user(200, Access::none)));
}

}  // namespace
}  // namespace samsynk::control
