#include "sandbox/flow/customer.hpp"

#include <gtest/gtest.h>

#include "sandbox/flow/stockholm.hpp"

namespace samsynk::sandbox {
namespace {

Customer customer(Situation situation) {
    Customer one{.company = OrgNumber::parse("5560160680").value(), .name = "Lindqvist"};
    one.on_spiris = situation != Situation::not_on_spiris;
    one.function_active = situation == Situation::with_function;
    one.assignments.emplace("u-1", "Löpande");
    return one;
}
Activation activation() {
    return {.id = "c",
            .office_company = "5562651892",
            .office_name = "N",
            .assignment = "u-1",
            .invoice_recipient = "office",
            .payee = {},
            .contact_name = {},
            .contact_email = {},
            .at = "t"};
}

TEST(Flow, TheThreeSituations) {
    for (const auto situation : {Situation::with_function, Situation::without_function}) {
        Customer one = customer(situation);
        ASSERT_TRUE(activate(one, activation()).has_value());
        EXPECT_TRUE(one.function_active);
        EXPECT_EQ(one.collaboration->awaiting, "approval");
        EXPECT_TRUE(accept_terms(one, "t").has_error());
        EXPECT_TRUE(approve(one, "t").has_value());
        EXPECT_TRUE(in_effect(one));
    }
    Customer one = customer(Situation::not_on_spiris);
    EXPECT_TRUE(activate(one, activation()).has_error());
    auto with_contact = activation();
    with_contact.contact_name = "Eva";
    with_contact.contact_email = "eva@example.se";
    ASSERT_TRUE(activate(one, with_contact).has_value());
    EXPECT_EQ(one.collaboration->awaiting, "terms");
    EXPECT_TRUE(approve(one, "t").has_error());
    EXPECT_TRUE(accept_terms(one, "t").has_value());
}

TEST(Flow, AtMostOneLiveCollaborationAndAnAssignmentIsNeeded) {
    Customer one = customer(Situation::with_function);
    auto other = activation();
    other.assignment = "nix";
    EXPECT_TRUE(activate(one, other).has_error());
    ASSERT_TRUE(activate(one, activation()).has_value());
    EXPECT_TRUE(activate(one, activation()).has_error());
    ASSERT_TRUE(decline(one).has_value());
    EXPECT_TRUE(approve(one, "t").has_error());
    EXPECT_TRUE(activate(one, activation()).has_value());
}

TEST(Flow, EndsOnTheDayAfterTheLast) {
    Customer one = customer(Situation::with_function);
    ASSERT_TRUE(activate(one, activation()).has_value());
    EXPECT_TRUE(end_now(one, "t").has_error());
    ASSERT_TRUE(approve(one, "t").has_value());
    EXPECT_TRUE(end_on(one, "2026-11-23", "2026-11-24").has_error());
    ASSERT_TRUE(end_on(one, "2026-11-30", "2026-11-24").has_value());
    EXPECT_FALSE(pass_date(one, "2026-11-30", "t"));
    EXPECT_TRUE(in_effect(one));
    EXPECT_TRUE(pass_date(one, "2026-12-01", "t"));
    EXPECT_EQ(one.collaboration->state, State::ended);
}

TEST(Stockholm, FollowsSummerTime) {
    EXPECT_EQ(day_in_stockholm(parse_rfc3339("2026-07-01T22:30:00Z").value()), "2026-07-02");
    EXPECT_EQ(day_in_stockholm(parse_rfc3339("2026-12-31T22:30:00Z").value()), "2026-12-31");
    EXPECT_EQ(day_in_stockholm(parse_rfc3339("2026-12-31T23:30:00Z").value()), "2027-01-01");
}

}  // namespace
}  // namespace samsynk::sandbox
