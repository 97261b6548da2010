#include "ui/sessions.hpp"

#include <gtest/gtest.h>

#include <set>

namespace samsynk::ui {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

TEST(Keys, HaveNoPattern) {
    std::set<std::string> keys;
    std::set<char> last;
    for (int i = 0; i < 200; ++i) {
        const std::string key = random_key();
        EXPECT_EQ(key.size(), 43U);
        EXPECT_EQ(key.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
                  std::string::npos);
        keys.insert(key);
        last.insert(key.back());
    }
    EXPECT_EQ(keys.size(), 200U);
    EXPECT_EQ(last.size(), 16U) << "the last letter holds four bits of the 256";
}

TEST(Secrets, AreTheSameOnlyWhole) {
    EXPECT_TRUE(same_secret("abc", "abc"));
    EXPECT_FALSE(same_secret("abc", "abd"));
    EXPECT_FALSE(same_secret("abc", "ab"));
    EXPECT_FALSE(same_secret("abc", ""));
}

TEST(Sessions, AKeyIsGoodOnce) {
    Sessions sessions;
    const std::string key = sessions.new_key();
    const auto token = sessions.open(key, hours{1});
    ASSERT_TRUE(token);
    EXPECT_NE(*token, key);
    EXPECT_TRUE(sessions.enter(*token, hours{1}));
    EXPECT_FALSE(sessions.open(key, hours{1}));
    EXPECT_EQ(sessions.count(), 1U);
}

TEST(Sessions, OnlyTheLastKeyIsGood) {
    Sessions sessions;
    EXPECT_FALSE(sessions.open("", hours{1})) << "there is none yet";
    const std::string first = sessions.new_key(), second = sessions.new_key();
    EXPECT_FALSE(sessions.open(first, hours{1}));
    EXPECT_FALSE(sessions.open("", hours{1}));
    EXPECT_TRUE(sessions.open(second, hours{1})) << "wrong ones do it no harm";
    EXPECT_FALSE(sessions.open("", hours{1}));
}

TEST(Sessions, NoTokenIsNone) {
    Sessions sessions;
    const auto token = sessions.open(sessions.new_key(), hours{1});
    for (const std::string& wrong : {std::string{}, token->substr(1), *token + "A", std::string(43, 'A')})
        EXPECT_FALSE(sessions.enter(wrong, hours{1})) << wrong;
}

TEST(Sessions, EndAfterEightHoursWithoutUse) {
    Sessions sessions;
    const auto token = sessions.open(sessions.new_key(), hours{1});
    for (const Moment time : {Moment{minutes{539}}, Moment{hours{8}}, Moment{hours{15}}}) {
        ASSERT_TRUE(sessions.enter(*token, time));
        sessions.leave(*token, time);
    }
    EXPECT_FALSE(sessions.enter(*token, hours{23}));
    EXPECT_FALSE(sessions.enter(*token, hours{15})) << "it is gone for good";
    EXPECT_EQ(sessions.count(), 0U);
}

TEST(Sessions, WhatGoesOnIsUse) {
    Sessions sessions;
    const auto token = sessions.open(sessions.new_key(), hours{1});
    ASSERT_TRUE(sessions.enter(*token, hours{1}));
    ASSERT_TRUE(sessions.enter(*token, hours{2}));
    sessions.leave(*token, hours{2});
    EXPECT_TRUE(sessions.enter(*token, hours{30})) << "one of the two goes on";
    sessions.leave(*token, hours{30});
    sessions.leave(*token, hours{40});
    EXPECT_TRUE(sessions.enter(*token, hours{47})) << "it was used until the last one ended";
    sessions.leave(*token, hours{47});
    sessions.leave(*token, hours{47});
    EXPECT_FALSE(sessions.enter(*token, hours{55}));
}

TEST(Sessions, OfTooManyTheOneUnusedForLongestEnds) {
    Sessions sessions;
    std::vector<std::string> tokens;
    for (std::size_t i = 0; i < Sessions::most; ++i)
        tokens.push_back(*sessions.open(sessions.new_key(), minutes{static_cast<long>(i)}));
    ASSERT_TRUE(sessions.enter(tokens[0], minutes{30}));
    const auto one_more = sessions.open(sessions.new_key(), minutes{31});
    EXPECT_EQ(sessions.count(), Sessions::most);
    EXPECT_FALSE(sessions.enter(tokens[1], minutes{31}));
    for (const auto& token : {tokens[0], tokens[2], tokens.back(), *one_more})
        EXPECT_TRUE(sessions.enter(token, minutes{31}));
}

}  // namespace
}  // namespace samsynk::ui
