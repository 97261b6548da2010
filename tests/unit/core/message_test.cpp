#include "core/message.hpp"

#include <gtest/gtest.h>

namespace samsynk {
namespace {

TEST(Message, TellsTheSameWhereOnlyTheRequestOrTheClockIsAnother) {
    const Message one{"{host} at {clock}", {{"host", "a"}, {"clock", "08:00"}}};
    EXPECT_TRUE(tell_the_same(one, {"{host} at {clock}", {{"host", "a"}, {"clock", "08:15"}}}));
    EXPECT_FALSE(tell_the_same(one, {"{host} at {clock}", {{"host", "b"}, {"clock", "08:00"}}}));
    EXPECT_FALSE(tell_the_same(one, {"{host} at {clock}", {{"host", "a"}}}));
    EXPECT_FALSE(tell_the_same(one, {"{host} at {time}", {{"host", "a"}, {"time", "08:00"}}}));
    EXPECT_FALSE(tell_the_same(one, {"Other.", one.args}));
}

}  // namespace
}  // namespace samsynk
