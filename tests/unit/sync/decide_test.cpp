#include "sync/decide.hpp"

#include <gtest/gtest.h>

namespace samsynk::sync {
namespace {

constexpr Choice none{}, yes{true}, no{false};

struct Case {
    Choice base, local, online;
    Rule rule;
    Action action;
    Choice value;
};

// Every case of the design's table; the values that are not named are symmetrical.
const Case table[] = {
    {none, none, none, Rule::agree, Action::none, none},
    {yes, yes, yes, Rule::agree, Action::none, yes},
    {none, yes, yes, Rule::agree, Action::rebase, yes},
    {no, yes, yes, Rule::agree, Action::rebase, yes},
    {yes, none, none, Rule::agree, Action::rebase, none},
    {none, none, yes, Rule::fill_local, Action::write_local, yes},
    {no, none, yes, Rule::fill_local, Action::write_local, yes},
    {yes, none, yes, Rule::fill_local, Action::write_local, yes},
    {none, yes, none, Rule::fill_online, Action::push, yes},
    {no, no, none, Rule::fill_online, Action::push, no},
    {yes, yes, no, Rule::online_changed, Action::write_local, no},
    {no, no, yes, Rule::online_changed, Action::write_local, yes},
    {yes, no, yes, Rule::local_changed, Action::push, no},
    {no, yes, no, Rule::local_changed, Action::push, yes},
    {none, yes, no, Rule::first_contact, Action::write_local, no},
};

TEST(Decide, FollowsEveryCaseOfTheTable) {
    for (const Case& c : table) {
        const Decision decision = decide(c.base, c.local, c.online, FirstContact::online);
        EXPECT_EQ(decision, (Decision{c.rule, c.action, c.value})) << (&c - table);
    }
}

TEST(Decide, FirstContactFollowsThePolicy) {
    EXPECT_EQ(decide(none, yes, no, FirstContact::local), (Decision{Rule::first_contact, Action::push, yes}));
    EXPECT_EQ(decide(none, yes, no, FirstContact::hold), (Decision{Rule::first_contact, Action::hold, none}));
}

TEST(Decide, NeverInventsAValueAndAbsenceNeverOverrides) {
    for (const Choice base : {none, yes, no})
        for (const Choice local : {none, yes, no})
            for (const Choice online : {none, yes, no})
                for (const auto policy : {FirstContact::online, FirstContact::local, FirstContact::hold}) {
                    const Decision d = decide(base, local, online, policy);
                    if (d.action == Action::write_local) {
                        EXPECT_TRUE(d.value && d.value == online);
                    }
                    if (d.action == Action::push) {
                        EXPECT_TRUE(d.value && d.value == local);
                    }
                    if (local == online) {
                        EXPECT_TRUE(d.action == Action::none || d.action == Action::rebase);
                    }
                }
}

}  // namespace
}  // namespace samsynk::sync
