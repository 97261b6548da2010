// What is a secret now, and only while it is one.
#include "core/secrets.hpp"

#include <gtest/gtest.h>

namespace samsynk {
namespace {

TEST(Secrets, AreHiddenWhileOneOfThemLives) {
    EXPECT_EQ(without_secrets("a hemligt b"), "a hemligt b");
    {
        const PresentSecret one{"hemligt"};
        const PresentSecret same = one, again{"hemligt"};  // NOLINT: copies are what is tested
        EXPECT_EQ(without_secrets("a hemligt bhemligthemligt"), "a [hidden] b[hidden][hidden]");
    }
    EXPECT_EQ(without_secrets("a hemligt b"), "a hemligt b");
}

TEST(Secrets, TheLongestGoesFirst) {
    const PresentSecret one{"hemligt"}, longer{"hemligt-och-mer"};
    EXPECT_EQ(without_secrets("hemligt-och-mer hemligt"), "[hidden] [hidden]");
}

TEST(Secrets, OfAKeyEachLineIsOne) {
    const PresentSecret key{"-----BEGIN PRIVATE KEY-----\r\nMIGHAgEAMBMG\r\nabc\n-----END PRIVATE KEY-----"};
    EXPECT_EQ(without_secrets("MIGHAgEAMBMG abc -----BEGIN PRIVATE KEY-----"),
              "[hidden] abc -----BEGIN PRIVATE KEY-----");
}

TEST(Secrets, ShortOnesAndNoneHideNothing) {
    const PresentSecret none{""}, shorter{"true"}, empty;
    EXPECT_EQ(without_secrets("it is true"), "it is true");
}

TEST(Secrets, WhatIsRememberedStandsUntilTheNextOfItsName) {
    remember_secret("/a", "hemligt-1");
    remember_secret("/b", "hemligt-1");
    remember_secret("/a", "hemligt-2");
    EXPECT_EQ(without_secrets("hemligt-1 hemligt-2"), "[hidden] [hidden]");
    remember_secret("/b", "hemligt-3");
    EXPECT_EQ(without_secrets("hemligt-1 hemligt-2"), "hemligt-1 [hidden]");
}

}  // namespace
}  // namespace samsynk
