#include "sandbox/flow/customer.hpp"

#include <gtest/gtest.h>

#include "sandbox/flow/stockholm.hpp"

namespace samsynk::sandbox {
namespace {

Customer customer(Situation situation) {
    Customer one{.company = OrgNumber::parse("5560160680").value(), .name = "Lindqvist"};
    one.on_spiris = situation != Situation::not_on_spiris;
    one.function_active = situation == Situation::with_function;
    one.offices["5562651892"].emplace("u-1", "Löpande");
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
            .language = {},
            .at = "2026-11-24T08:00:00Z",
            .expires_on = "2026-12-24",
            .token = "token"};
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

TEST(Flow, AnInvitationExpiresAfterItsLastDay) {
    Customer one = customer(Situation::with_function);
    ASSERT_TRUE(activate(one, activation()).has_value());
    EXPECT_FALSE(pass_date(one, "2026-12-24", "t"));
    EXPECT_TRUE(pass_date(one, "2026-12-25", "t"));
    EXPECT_EQ(one.collaboration->state, State::expired);
    EXPECT_TRUE(approve(one, "t").has_error());
    EXPECT_FALSE(pass_date(one, "2027-12-25", "t"));
}

TEST(Flow, ANewAdministratorIsOnSpirisOnlyWhenTheTermsAreAccepted) {
    Customer one = customer(Situation::not_on_spiris);
    auto with_contact = activation();
    with_contact.contact_name = "Eva";
    with_contact.contact_email = "eva@example.se";
    ASSERT_TRUE(activate(one, with_contact).has_value());
    ASSERT_TRUE(decline(one).has_value());
    EXPECT_EQ(situation_of(one), Situation::not_on_spiris);
    ASSERT_TRUE(activate(one, with_contact).has_value());
    EXPECT_EQ(one.collaboration->awaiting, "terms") << "nobody has accepted them";
    ASSERT_TRUE(accept_terms(one, "t").has_value());
    EXPECT_EQ(situation_of(one), Situation::with_function);
    EXPECT_EQ(one.administrator_email, "eva@example.se");
}

TEST(Flow, AnotherOfficeWaitsUntilTheFirstOneIsDone) {
    Customer one = customer(Situation::with_function);
    auto other = activation();
    other.office_company = "5560001111";
    EXPECT_TRUE(activate(one, other).has_error()) << "not its customer";
    one.offices["5560001111"];
    EXPECT_TRUE(activate(one, other).has_error()) << "no assignment";
    one.offices["5560001111"].emplace("u-1", "Bokslut");
    ASSERT_TRUE(activate(one, activation()).has_value());
    EXPECT_TRUE(activate(one, other).has_error());
    ASSERT_TRUE(approve(one, "t").has_value());
    EXPECT_TRUE(end_now(one, "t", Party::office, "5560001111").has_error()) << "not its collaboration";
    ASSERT_TRUE(end_now(one, "t", Party::customer).has_value());
    ASSERT_TRUE(activate(one, other).has_value()) << "the company moves";
    EXPECT_EQ(one.collaboration->office_company, "5560001111");
    ASSERT_NE(seen_by(one, "5562651892"), nullptr);
    EXPECT_EQ(seen_by(one, "5562651892")->state, State::ended) << "the first office sees its own only";
}

TEST(Flow, RemindsNoOftenerThanOnceAMinute) {
    Customer one = customer(Situation::with_function);
    ASSERT_TRUE(activate(one, activation()).has_value());
    EXPECT_TRUE(remind(one, "", "2026-11-24T08:00:30Z", "2026-11-24T07:59:30Z").has_error());
    EXPECT_TRUE(remind(one, "", "2026-11-24T08:01:00Z", "2026-11-24T08:00:00Z").has_value());
    EXPECT_TRUE(remind(one, "", "2026-11-24T08:01:30Z", "2026-11-24T08:00:30Z").has_error());
}

TEST(Flow, KnowsWhatAnAddressLooksLike) {
    for (const char* good : {"eva@example.se", "a.b+c@x.y.se", "åsa@exempel.se"}) EXPECT_TRUE(is_email(good)) << good;
    for (const char* bad : {"", "eva", "@x.se", "eva@", "eva@se", "eva@x..se", "eva@.se", "eva@x.se.", "a b@x.se",
                            "a@b@x.se", "eva@x.se\nBcc: b@x.se", "<eva@x.se>", "eva@x.se,bo@x.se"})
        EXPECT_FALSE(is_email(bad)) << bad;
}

TEST(Stockholm, FollowsSummerTime) {
    EXPECT_EQ(day_in_stockholm(parse_rfc3339("2026-07-01T22:30:00Z").value()), "2026-07-02");
    EXPECT_EQ(day_in_stockholm(parse_rfc3339("2026-12-31T22:30:00Z").value()), "2026-12-31");
    EXPECT_EQ(day_in_stockholm(parse_rfc3339("2026-12-31T23:30:00Z").value()), "2027-01-01");
}

TEST(Stockholm, KnowsTheDaysOfTheCalendar) {
    EXPECT_TRUE(is_day("2028-02-29"));
    for (const char* none : {"2027-02-29", "2026-13-01", "2026-1-1", "", "2026-11-25T00", "imorgon"})
        EXPECT_FALSE(is_day(none)) << none;
}

}  // namespace
}  // namespace samsynk::sandbox
