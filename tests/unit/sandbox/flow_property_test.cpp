// Any steps in any order, taken by anyone: what always holds of a collaboration, and that the rules do what their table
// says.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <fstream>
#include <sstream>

#include "sandbox/flow/notices.hpp"
#include "sandbox/flow/stockholm.hpp"

namespace samsynk::sandbox {
namespace {

const std::string first = "5562651892", second = "5560001111";

struct Act {
    Step step;
    Party by;
    std::string office;
    int day;  // of 2026-12, or of the year after
};

Customer fresh(Situation situation) {
    Customer one{.company = OrgNumber::parse("5560160680").value(), .name = "Lindqvist"};
    one.on_spiris = situation != Situation::not_on_spiris;
    one.function_active = situation == Situation::with_function;
    if (one.on_spiris) one.administrator_email = "lisa@example.se";
    one.offices[first].emplace("u-1", "Löpande");
    one.offices[second].emplace("u-1", "Bokslut");
    return one;
}

std::string day(int number) {
    return to_rfc3339(parse_rfc3339("2026-12-01T00:00:00Z").value() + std::chrono::days{number}).substr(0, 10);
}

bool take(Customer& customer, const Act& act) {
    const std::string at = day(act.day) + "T12:00:00Z";
    switch (act.step) {
        case Step::activate:
            return activate(customer, {.id = "c-" + at,
                                       .office_company = act.office,
                                       .office_name = act.office,
                                       .assignment = "u-1",
                                       .invoice_recipient = "office",
                                       .payee = {},
                                       .contact_name = "Eva",
                                       .contact_email = "eva@example.se",
                                       .language = {},
                                       .at = at,
                                       .expires_on = day(act.day + 30),
                                       .token = "t-" + at})
                .has_value();
        case Step::remind:
            return remind(customer, act.office, at, day(act.day) + "T11:59:00Z").has_value();
        case Step::withdraw:
            return withdraw(customer, act.office).has_value();
        case Step::approve:
            return approve(customer, at).has_value();
        case Step::accept_terms:
            return accept_terms(customer, at).has_value();
        case Step::decline:
            return decline(customer).has_value();
        case Step::expire:
        case Step::pass_end:
            return pass_date(customer, day(act.day), at);
        case Step::end_now:
            return end_now(customer, at, act.by, act.by == Party::office ? act.office : "").has_value();
        case Step::end_on:
            return end_on(customer, day(act.day + 5), day(act.day), act.by, act.by == Party::office ? act.office : "")
                .has_value();
    }
    return false;
}

rc::Gen<Act> acts() {
    return rc::gen::build<Act>(
        rc::gen::set(&Act::step,
                     rc::gen::element(Step::activate, Step::remind, Step::withdraw, Step::approve, Step::accept_terms,
                                      Step::decline, Step::expire, Step::end_now, Step::end_on, Step::pass_end)),
        rc::gen::set(&Act::by, rc::gen::element(Party::office, Party::customer)),
        rc::gen::set(&Act::office, rc::gen::element(first, second)), rc::gen::set(&Act::day, rc::gen::inRange(0, 60)));
}

std::string state_text(const Customer& customer) {
    std::string text = customer.collaboration
                           ? std::string{name_of(customer.collaboration->state)} + customer.collaboration->awaiting +
                                 customer.collaboration->id + customer.collaboration->office_company +
                                 customer.collaboration->ends_on + customer.collaboration->ended_at +
                                 customer.collaboration->reminded_at
                           : "none";
    return text + (customer.on_spiris ? "s" : "") + (customer.function_active ? "f" : "") +
           customer.administrator_email + std::to_string(customer.earlier.size());
}

RC_GTEST_PROP(FlowProperty, WhateverIsDoneHoldsTogether, ()) {
    Customer one =
        fresh(*rc::gen::element(Situation::with_function, Situation::without_function, Situation::not_on_spiris));
    one.send_all_invoices = true;
    bool consented = false;  // by the customer, to the present collaboration
    for (const Act& act : *rc::gen::container<std::vector<Act>>(acts())) {
        const Customer before = one;
        const std::string id = one.collaboration ? one.collaboration->id : "";
        const bool done = take(one, act);
        if (!done) {
            RC_ASSERT(state_text(one) == state_text(before));  // nothing half done
            continue;
        }
        // The table allows it, for whoever took it; the calendar's steps are the clock's.
        bool in_table = false;
        for (const Rule& rule : rules())
            in_table = in_table || (rule.from == place_of(before) && rule.to == place_of(one) &&
                                    (rule.step == act.step || rule.by == Party::clock));
        RC_ASSERT(in_table);
        if (act.step == Step::activate) consented = false;
        if (act.step == Step::approve || act.step == Step::accept_terms) consented = true;
        RC_ASSERT(!in_effect(one) || consented);
        if (act.step == Step::activate) {
            RC_ASSERT(!has_live_collaboration(before));
            RC_ASSERT(one.collaboration->office_company == act.office);
            RC_ASSERT(one.earlier.size() == before.earlier.size() + (before.collaboration ? 1U : 0U));
        } else {
            RC_ASSERT(one.collaboration->id == id);
        }
        for (const Collaboration& past : one.earlier)
            RC_ASSERT(past.state == State::declined || past.state == State::expired || past.state == State::ended);
        // The stored wishes are the customer's: no step touches them.
        RC_ASSERT(one.send_all_invoices == std::optional<bool>{true});
        RC_ASSERT(one.receive_invoices == std::nullopt);
        // An office never sees the other's.
        for (const auto& office : {first, second})
            if (const auto* seen = seen_by(one, office)) RC_ASSERT(seen->office_company == office);
    }
}

// Each way of the table can be gone, and where the table has none, nothing can be done.
TEST(FlowTable, EveryPlaceAllowsJustItsSteps) {
    for (const Situation situation : {Situation::with_function, Situation::not_on_spiris})
        for (const Rule& rule : rules()) {
            if (rule.from.state != std::nullopt) continue;
            Customer one = fresh(situation);
            const bool fits = (rule.to.awaiting == "terms") == (situation == Situation::not_on_spiris);
            ASSERT_TRUE(take(one, {Step::activate, Party::office, first, 0}));
            EXPECT_EQ(place_of(one) == rule.to, fits);
        }
    for (const Party by : {Party::office, Party::customer, Party::clock})
        for (const Place& place : {Place{}, Place{State::declined}, Place{State::expired}, Place{State::ended}})
            for (const Step step : {Step::remind, Step::withdraw, Step::approve, Step::accept_terms, Step::decline,
                                    Step::expire, Step::end_now, Step::end_on, Step::pass_end})
                EXPECT_FALSE(after(place, step, by)) << name_of(step);
    EXPECT_FALSE(after({State::invited, "approval"}, Step::approve, Party::office)) << "consent is the customer's";
    EXPECT_FALSE(after({State::invited, "terms"}, Step::approve, Party::customer));
    EXPECT_FALSE(after({State::active}, Step::activate, Party::office));
}

// docs/flow.md draws the table; what it says is what the rules are.
TEST(FlowTable, IsTheOneInTheDocuments) {
    std::ifstream in{SAMSYNK_SOURCE_DIR "/docs/flow.md"};
    std::stringstream text;
    text << in.rdbuf();
    const auto place = [](const Place& where) {
        std::string name = where.state ? std::string{name_of(*where.state)} : "none";
        return where.awaiting.empty() ? name : name + " (" + std::string{where.awaiting} + ")";
    };
    std::string table;
    for (const Rule& rule : rules())
        table += "| " + place(rule.from) + " | `" + std::string{name_of(rule.step)} + "` | " +
                 std::string{name_of(rule.by)} + " | " + place(rule.to) + " |\n";
    EXPECT_NE(text.str().find(table), std::string::npos) << "it should be:\n" << table;
}

TEST(Notices, GoToWhoIsToKnow) {
    Customer one = fresh(Situation::not_on_spiris);
    const Office office{.company = first, .name = "Norrsken", .email = "kontoret@example.se", .language = Language::en};
    ASSERT_TRUE(take(one, {Step::activate, Party::office, first, 0}));
    auto letters =
        notices_of({.step = Step::activate, .by = Party::office, .before = Situation::not_on_spiris}, one, office);
    ASSERT_EQ(letters.size(), 1U);
    EXPECT_EQ(letters[0].kind, NoticeKind::invitation_new_on_spiris);
    EXPECT_EQ(letters[0].to_email, "eva@example.se");
    EXPECT_FALSE(letters[0].token.empty());
    ASSERT_TRUE(take(one, {Step::accept_terms, Party::customer, first, 1}));
    letters = notices_of({.step = Step::accept_terms, .by = Party::customer}, one, office);
    ASSERT_EQ(letters.size(), 1U);
    EXPECT_EQ(letters[0].to_email, "kontoret@example.se");
    EXPECT_EQ(letters[0].language, Language::en);
    EXPECT_TRUE(letters[0].token.empty()) << "the link is the customer's";
    ASSERT_TRUE(take(one, {Step::end_on, Party::office, first, 2}));
    letters = notices_of({.step = Step::end_on, .by = Party::office}, one, office);
    ASSERT_EQ(letters.size(), 1U);
    EXPECT_EQ(letters[0].to_email, "eva@example.se");
    EXPECT_EQ(letters[0].last_day, day(7));
    ASSERT_TRUE(take(one, {Step::pass_end, Party::clock, first, 8}));
    EXPECT_EQ(notices_of({.step = Step::pass_end, .by = Party::clock}, one, office).size(), 2U) << "both are told";
    one.administrator_email.clear();
    EXPECT_TRUE(notices_of({.step = Step::end_now, .by = Party::office}, one, office).empty());
}

}  // namespace
}  // namespace samsynk::sandbox
