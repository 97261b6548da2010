// The guard against mass changes, the questions that wait for a person, and the answers.
#include "sync/guard.hpp"

#include <gtest/gtest.h>
#include "unit/sync/known.hpp"

namespace samsynk::sync {
namespace {

using std::chrono::hours;

OrgNumber number(int n) {
    const std::string nine = "556" + std::to_string(100000 + n);
    for (char check = '0'; check <= '9'; ++check)
        if (const auto found = OrgNumber::parse(nine + check); found.has_value()) return *found;
    throw std::logic_error{"no check digit"};
}

// Companies 0 to `count`, all agreed on true on both sides.
struct Office {
    explicit Office(int count) {
        for (int n = 0; n < count; ++n) {
            const OrgNumber company = number(n);
            LocalCompany local{.place = place(n), .company = company, .name = place(n)};
            local.preferences = {true, true};
            local.notice = 1;
            views[0].companies.push_back(std::make_shared<const LocalCompany>(local));
            memory.online[company] =
                OnlineView{.version = 3, .notice = 1, .preferences = {true, true}, .state = CollaborationState::active};
            memory.agreements.put({"main", place(n)}, {company, {true, true}});
            memory.claims["main"].put({company, ClaimStatus::granted, "", ""});
        }
        memory.epoch = "e";
        memory.cursor = "c";
    }
    static std::string place(int n) { return "P" + std::to_string(1000 + n); }
    void online(int n, Choice send) { memory.online[number(n)].preferences.send_all_invoices = send; }
    void local(int n, Choice send) {
        auto copy = std::make_shared<LocalCompany>(*views[0].companies[static_cast<std::size_t>(n)]);
        copy->preferences.send_all_invoices = send;
        views[0].companies[static_cast<std::size_t>(n)] = copy;
    }
    std::vector<CompanyPlan> plan() {
        options.now = now;
        for (LocalView& view : views) view.size = companies_in(view);
        return make_plan(identify(views, memory), memory, options);
    }
    std::size_t held() {
        std::size_t count = 0;
        for (const auto& plan : plan()) count += plan.verdict == Verdict::held;
        return count;
    }
    void ask() { memory.apply(questions(plan(), views, memory, options)); }
    void answer(Side take) {
        Commit commit;
        for (const HoldRow& row : memory.holds.at(0).rows)
            commit.approvals.push_back({memory.holds[0].kind, row, take});
        memory.apply(commit);
    }

    std::vector<LocalView> views{{.installation = "main", .companies = {}, .trouble = {}, .listed = true}};
    Memory memory;
    PlanOptions options;
};

TEST(Guard, TenCompaniesAreNeverAMassChangeElevenOfFewAre) {
    Office office{20};
    for (int n = 0; n < 10; ++n) office.online(n, false);
    EXPECT_EQ(office.held(), 0U);
    office.online(10, false);
    EXPECT_EQ(office.held(), 11U);
}

TEST(Guard, WhatMayHaveBeenOverwrittenWhereNobodyCanLookCounts) {
    Office office{20};
    for (int n = 0; n < 10; ++n) office.online(n, false);
    Commit cut_off;
    cut_off.intents.push_back(
        {{"main", Office::place(15)}, number(15), Preference::receive_invoices, true, false, true, "r", Rule::agree});
    office.memory.apply(cut_off);
    EXPECT_EQ(office.held(), 10U);
}

TEST(Guard, TheShareIsOfTheInstallationAndMustBeExceeded) {
    Office office{100};
    for (int n = 0; n < 20; ++n) office.online(n, false);
    EXPECT_EQ(office.held(), 0U) << "20 of 100 are 20%";
    office.online(20, false);
    EXPECT_EQ(office.held(), 21U);
}

TEST(Guard, EachDirectionByItself) {
    Office office{60};
    for (int n = 0; n < 11; ++n) office.online(n, false);
    for (int n = 20; n < 31; ++n) office.local(n, false);
    EXPECT_EQ(office.held(), 0U) << "11 and 11 of 60: neither is over 20%";
    office.online(11, false), office.online(12, false);
    EXPECT_EQ(office.held(), 13U);
}

TEST(Guard, TheLast24HoursCount) {
    Office office{60};
    for (int n = 0; n < 6; ++n)
        office.memory.overwrites[{"main", Side::online}].emplace(number(50 + n), now - hours{23});
    for (int n = 0; n < 6; ++n) office.online(n, false);
    EXPECT_EQ(office.held(), 0U);
    office.online(6, false);
    EXPECT_EQ(office.held(), 7U);
    for (auto& [company, at] : office.memory.overwrites[{"main", Side::online}]) at = now - hours{25};
    EXPECT_EQ(office.held(), 0U);
}

TEST(Guard, FillingAnAbsentValueDoesNotCountAndFirstContactDoes) {
    Office office{20};
    for (int n = 0; n < 20; ++n) office.local(n, std::nullopt);
    EXPECT_EQ(office.held(), 0U);
    office = Office{20};
    for (int n = 0; n < 12; ++n) {
        office.memory.agreements.put({"main", Office::place(n)}, {number(n), {}});
        office.online(n, false);
    }
    EXPECT_EQ(office.held(), 12U);
}

TEST(Questions, AHoldKeepsItsIdWhileARowStandsAndLapsesByItself) {
    Office office{20};
    for (int n = 0; n < 12; ++n) office.online(n, false);
    office.ask();
    ASSERT_EQ(office.memory.holds.size(), 1U);
    EXPECT_EQ(office.memory.holds[0].id, "h-1");
    EXPECT_EQ(office.memory.holds[0].kind, HoldKind::mass_change);
    EXPECT_EQ(office.memory.holds[0].planned, Side::online);
    EXPECT_TRUE(questions(office.plan(), office.views, office.memory, office.options).empty())
        << "nothing new, nothing written";
    office.online(12, false);
    office.online(0, true);
    office.ask();
    EXPECT_EQ(office.memory.holds.at(0).id, "h-1");
    EXPECT_EQ(office.memory.holds[0].rows.size(), 12U);
    for (int n = 0; n < 13; ++n) office.online(n, true);
    office.ask();
    EXPECT_TRUE(office.memory.holds.empty());
    for (int n = 0; n < 12; ++n) office.online(n, false);
    office.ask();
    EXPECT_EQ(office.memory.holds.at(0).id, "h-2") << "an id is never used again";
}

TEST(Questions, AnAnswerCoversExactlyItsRows) {
    Office office{20};
    for (int n = 0; n < 12; ++n) office.online(n, false);
    office.ask();
    office.answer(Side::online);
    EXPECT_EQ(office.held(), 0U);
    office.local(0, std::nullopt);
    office.ask();
    EXPECT_EQ(office.memory.approvals.size(), 11U) << "the row that changed lapsed";
    for (int n = 12; n < 19; ++n) office.online(n, false);
    EXPECT_EQ(office.held(), 0U) << "what was approved does not count: 7 more are few";
}

TEST(Questions, AnInstallationThatIsOfflineKeepsItsQuestions) {
    Office office{20};
    for (int n = 0; n < 12; ++n) office.online(n, false);
    office.ask();
    office.views[0].companies.clear();
    office.views[0].trouble = fail(Errc::installation_offline, "gone");
    office.ask();
    EXPECT_EQ(office.memory.holds.size(), 1U);
}

TEST(Doubts, ARestoredValueIsHeldUntilSomeoneAnswersOrItChanges) {
    Office office{3};
    Record restored{.company = number(0), .version = 1, .problem = {}};
    restored.preferences = {false, true};
    Commit page;
    page.new_epoch = "e2";
    page.records = {restored};
    page.doubts = doubts_in(page.records, office.memory, true);
    ASSERT_EQ(page.doubts.size(), 1U);
    office.memory.apply(page);
    office.memory.online[number(0)].state = CollaborationState::active;
    office.memory.claims["main"].put({number(0), ClaimStatus::granted, "", ""});
    const auto plan = office.plan()[0];
    EXPECT_EQ(plan.verdict, Verdict::held);
    EXPECT_EQ(plan.reason->code, Errc::service_restored);
    office.ask();
    office.answer(Side::local);
    const Step step = office.plan()[0].step(Preference::send_all_invoices);
    EXPECT_EQ(step.action, Action::push);
    EXPECT_EQ(step.value, true);
    EXPECT_TRUE(step.approved);
    office.online(0, std::nullopt);  // somebody changed it meanwhile
    office.ask();
    EXPECT_TRUE(office.memory.doubts.empty());
    EXPECT_TRUE(office.memory.approvals.empty());
}

// As after a restore of our own state, at a place that no mark shows to be known: what was agreed is forgotten, and
// each choice in doubt as it was online then.
Office forgotten(std::optional<bool> local) {
    Office office{1};
    office.local(0, local);
    auto unmarked = std::make_shared<LocalCompany>(*office.views[0].companies[0]);
    unmarked->notice.reset();
    office.views[0].companies[0] = unmarked;
    office.memory.agreements = {};
    OnlineView& known = office.memory.online[number(0)];
    for (const Preference preference : all_preferences)
        office.memory.doubts.insert_or_assign(
            {number(0), preference}, Doubt{number(0), preference, known.preferences[preference], HoldKind::base_lost});
    known.version = of_another_epoch;
    return office;
}

TEST(Doubts, WhereWhatWasAgreedIsForgottenADifferenceIsHeldWithoutAMark) {
    Office office = forgotten(false);
    ASSERT_TRUE(office.memory.online[number(0)].preferences.send_all_invoices.value());
    const auto plan = office.plan()[0];
    EXPECT_EQ(plan.verdict, Verdict::held);
    EXPECT_EQ(plan.step(Preference::send_all_invoices).held, HoldKind::base_lost);
    office.ask();
    office.answer(Side::local);
    EXPECT_EQ(office.plan()[0].step(Preference::send_all_invoices).action, Action::push);
}

TEST(Doubts, WhatIsEqualOrLackingOnOneSideIsNotAskedAbout) {
    EXPECT_EQ(forgotten(true).held(), 0U);
    Office lacking = forgotten(std::nullopt);
    EXPECT_EQ(lacking.plan()[0].step(Preference::send_all_invoices).action, Action::write_local);
}

TEST(Doubts, WhereTheOnlineChoiceMovedMeanwhileItIsStillALostBase) {
    Office office = forgotten(true);
    Record moved{.company = number(0), .version = 1, .problem = {}};
    moved.preferences = office.memory.online[number(0)].preferences;
    moved.preferences.send_all_invoices = false;
    const auto doubts = doubts_in({moved}, office.memory, false);
    ASSERT_EQ(doubts.size(), 1U);
    EXPECT_EQ(doubts[0].kind, HoldKind::base_lost);
    EXPECT_EQ(doubts[0].online, Choice{false});
}

TEST(Doubts, ARecordThatCannotBeUnderstoodYetRaisesItsDoubtsAllTheSame) {
    Office office{1};
    Record restored{.company = number(0), .version = 1, .problem = Reason{fail(Errc::bad_record, "a new state")}};
    restored.preferences = {false, true};
    EXPECT_EQ(doubts_in({restored}, office.memory, true).size(), 1U) << "its choices are known";
    office.memory.online[number(0)].problem = std::make_shared<const Error>(fail(Errc::bad_record, "a new state"));
    restored.problem.reset();
    EXPECT_EQ(doubts_in({restored}, office.memory, true).size(), 1U);
}

TEST(Doubts, ChoicesThatCouldNotBeReadInTheNewEpochAreDoubtedOnceTheyCan) {
    for (const bool first_page : {true, false}) {
        Office office{1};
        auto& view = office.memory.online[number(0)];
        if (!first_page) view.version = of_another_epoch;
        Record unread{.company = number(0), .version = 3, .problem = Reason{fail(Errc::bad_record, "no choices")}};
        unread.preferences_unread = true;
        EXPECT_TRUE(doubts_in({unread}, office.memory, first_page).empty()) << "nothing is known of them";
        const Record kept = completed(unread, &view, first_page);
        EXPECT_EQ(kept.preferences, view.preferences);
        EXPECT_EQ(kept.version, of_another_epoch) << "so that what comes counts, and is doubted";
        view = view_of(kept);
        Record readable{.company = number(0), .version = 3, .problem = {}};
        readable.preferences = {false, false};
        EXPECT_FALSE(doubts_in({readable}, office.memory, false).empty());
    }
    Office office{1};
    Record unread{.company = number(0), .version = 0, .problem = Reason{fail(Errc::bad_record, "no version")}};
    unread.version_unread = true;
    EXPECT_EQ(completed(unread, &office.memory.online[number(0)], true).version, of_another_epoch);
    EXPECT_EQ(completed(unread, &office.memory.online[number(0)], false).version,
              office.memory.online[number(0)].version);
}

TEST(Doubts, AListWithinOneEpochRaisesNone) {
    Office office{1};
    Record changed{.company = number(0), .version = 9, .problem = {}};
    changed.preferences = {false, false};
    EXPECT_TRUE(doubts_in({changed}, office.memory, false).empty());
    office.memory.cursor.clear();  // a cursor that expired: all are listed anew
    EXPECT_TRUE(doubts_in({changed}, office.memory, false).empty());
    Memory blank;
    EXPECT_TRUE(doubts_in({changed}, blank, true).empty()) << "the very first contact";
}

TEST(Identity, APersonMayAcceptTheNewNumberAndSayWhoWins) {
    Office office{1};
    office.memory.agreements.put({"main", Office::place(0)}, {number(77), {true, true}});
    office.online(0, false);
    office.ask();
    ASSERT_EQ(office.memory.holds.at(0).kind, HoldKind::identity_changed);
    office.answer(Side::local);
    const auto plan = office.plan()[0];
    EXPECT_EQ(plan.step(Preference::send_all_invoices).action, Action::push);
    EXPECT_FALSE(plan.bind) << "not before it is done: a crash would let the policy decide";
    office.online(0, true);
    EXPECT_TRUE(office.plan()[0].bind);
}

TEST(Holds, OfAnInstallationThatIsConfiguredNoMoreAreAskedOfNobody) {
    Office office{1};
    office.memory.agreements = {};
    office.online(0, false);
    office.ask();
    ASSERT_EQ(office.memory.holds.size(), 1U);
    Hold other = office.memory.holds.front();
    other.id = "h-900";
    other.installation = "removed";
    for (HoldRow& row : other.rows) row.key.installation = "removed";
    office.memory.holds.push_back(other);
    office.memory.approvals.emplace(ApprovalKey{other.rows[0].key, other.rows[0].preference},
                                    Approval{other.kind, other.rows[0], Side::local});
    office.ask();
    EXPECT_EQ(office.memory.holds.size(), 2U) << "an installation that is only away keeps its questions";
    Parking parking{.key = other.rows[0].key, .reason = fail(Errc::busy, "busy"), .last_success = {}, .local = {}};
    office.memory.parked.emplace(parking.key, parking);
    EXPECT_TRUE(forget_removed_installations(office.memory, {"main", "removed"}).empty());
    office.memory.apply(forget_removed_installations(office.memory, {"main"}));
    EXPECT_TRUE(office.memory.parked.empty());
    ASSERT_EQ(office.memory.holds.size(), 1U);
    EXPECT_EQ(office.memory.holds.front().installation, "main");
    EXPECT_TRUE(office.memory.approvals.empty());
}

TEST(Lost, AnAnswerIsKeptUntilItIsCarriedOut) {
    Office office{1};
    office.memory.agreements = {};
    office.online(0, false);
    office.ask();
    ASSERT_EQ(office.memory.holds.at(0).kind, HoldKind::base_lost);
    office.answer(Side::online);
    const auto plan = office.plan()[0];
    EXPECT_EQ(plan.step(Preference::send_all_invoices).action, Action::write_local);
    EXPECT_FALSE(plan.bind);
}

}  // namespace
}  // namespace samsynk::sync
