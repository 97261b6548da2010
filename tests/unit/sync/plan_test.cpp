#include "sync/plan.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include "unit/sync/known.hpp"

namespace samsynk::sync {
namespace {

OrgNumber number(const char* digits) { return OrgNumber::parse(digits).value(); }
const OrgNumber ekstrom = number("5560360793");

LocalCompany local(const std::string& place, const OrgNumber& company, Preferences preferences = {}) {
    LocalCompany found{.place = place, .company = company, .name = place};
    found.preferences = preferences;
    return found;
}

struct PlanWorld {
    std::vector<LocalView> views{{.installation = "main", .companies = {}, .trouble = {}}};
    Memory memory;
    PlanOptions options;

    void online(const OrgNumber& company, Preferences preferences,
                CollaborationState state = CollaborationState::active) {
        memory.online[company] = OnlineView{.version = 7, .notice = 1, .preferences = preferences, .state = state};
        memory.claims["main"].put({company, ClaimStatus::granted, "", ""});
    }
    void agreed(const std::string& place, const OrgNumber& company, Preferences base) {
        memory.agreements.put({"main", place}, {company, base});
    }
    std::vector<CompanyPlan> plan() const { return make_plan(identify(views, memory), memory, options); }
    CompanyPlan only() const { return plan().at(0); }
    void add(LocalCompany company) {
        views[0].companies.push_back(std::make_shared<const LocalCompany>(std::move(company)));
    }
    LocalCompany& edit(std::size_t index) {
        auto copy = std::make_shared<LocalCompany>(*views[0].companies[index]);
        views[0].companies[index] = copy;
        return *copy;
    }
};

TEST(Plan, SendsTrueOnlyWhileTheCollaborationIsInEffectAndSendsTheRest) {
    PlanWorld world;
    world.add(local("L", lindqvist, {.send_all_invoices = true, .receive_invoices = false}));
    world.online(lindqvist, {}, CollaborationState::invited);
    const auto plan = world.only();
    EXPECT_EQ(plan.verdict, Verdict::waiting);
    EXPECT_EQ(plan.step(Preference::send_all_invoices).action, Action::wait);
    EXPECT_EQ(plan.step(Preference::receive_invoices).action, Action::push);
}

TEST(Plan, AFirstContactIsHeldWhereALostStateWouldLeaveNoTrace) {
    PlanWorld world;
    world.add(local("L", lindqvist, {.send_all_invoices = true}));
    world.online(lindqvist, {.send_all_invoices = false, .receive_invoices = true});
    EXPECT_EQ(world.only().step(Preference::send_all_invoices).action, Action::write_local) << "by the policy";
    world.views[0].keeps_notices = false;
    const auto plan = world.only();
    EXPECT_EQ(plan.step(Preference::send_all_invoices).action, Action::hold);
    EXPECT_EQ(plan.step(Preference::receive_invoices).action, Action::write_local) << "what is absent is filled";
}

TEST(Plan, SetsAsideAnUnknownCompanyAndChangesNothing) {
    PlanWorld world;
    world.add(local("L", lindqvist, {.receive_invoices = true}));
    const auto plan = world.only();
    EXPECT_EQ(plan.verdict, Verdict::failed);
    EXPECT_EQ(plan.reason->code, Errc::unknown_company);
    EXPECT_FALSE(plan.acting());
}

TEST(Plan, ACompanyThatLeftTheAccountIsNoDeletion) {
    PlanWorld world;
    world.add(local("L", lindqvist, {.receive_invoices = true}));
    world.agreed("L", lindqvist, {.receive_invoices = true});
    world.online(lindqvist, {});
    world.memory.online[lindqvist].gone = true;
    EXPECT_EQ(world.only().reason->code, Errc::unknown_company);
}

TEST(Plan, HoldsTwoPlacesWithOneNumberUnlessOneIsAgreed) {
    PlanWorld world;
    world.add(local("A", lindqvist));
    world.add(local("B", lindqvist));
    world.online(lindqvist, {.receive_invoices = true});
    for (const auto& plan : world.plan()) {
        EXPECT_EQ(plan.verdict, Verdict::held);
        EXPECT_EQ(plan.reason->code, Errc::duplicate);
    }
    world.agreed("B", lindqvist, {});
    EXPECT_EQ(world.plan()[0].verdict, Verdict::held);
    EXPECT_EQ(world.plan()[1].step(Preference::receive_invoices).action, Action::write_local);
}

TEST(Plan, APlaceThatAgreedButIsOfflineStillStandsForItsCompany) {
    PlanWorld world;
    world.views.push_back(
        {.installation = "other", .companies = {}, .trouble = fail(Errc::installation_offline, "off")});
    world.memory.agreements.put({"other", "A"}, {lindqvist, {}});
    world.add(local("B", lindqvist));
    world.online(lindqvist, {});
    EXPECT_EQ(world.only().reason->code, Errc::duplicate);
}

TEST(Plan, HoldsAPlaceThatShowsAnotherNumberUntilTheConfigurationNamesIt) {
    PlanWorld world;
    world.add(local("A", ekstrom));
    world.agreed("A", lindqvist, {});
    world.online(ekstrom, {});
    EXPECT_EQ(world.only().reason->code, Errc::identity_changed);
    world.edit(0).settled = true;
    EXPECT_EQ(world.only().verdict, Verdict::act);
}

TEST(Plan, ANumberThatNobodyHasAcceptedStandsAgainstNoOtherPlace) {
    PlanWorld world;
    world.add(local("A", lindqvist));
    world.add(local("B", lindqvist));
    world.agreed("A", ekstrom, {});
    world.online(lindqvist, {.receive_invoices = true});
    EXPECT_EQ(world.plan()[0].reason->code, Errc::identity_changed);
    EXPECT_EQ(world.plan()[1].step(Preference::receive_invoices).action, Action::write_local) << "it is new, and alone";
}

TEST(Plan, APlaceThatSaysToBeAnothersStillStandsForItsCompanyUntilThatIsAccepted) {
    PlanWorld world;
    world.add(local("A", ekstrom));
    world.add(local("B", lindqvist));
    world.agreed("A", lindqvist, {});
    world.online(lindqvist, {.receive_invoices = true});
    world.online(ekstrom, {});
    EXPECT_EQ(world.plan()[1].reason->code, Errc::duplicate);
    world.edit(0).settled = true;
    EXPECT_TRUE(world.plan()[1].acting()) << "A is another company's now";
}

TEST(Plan, APlaceThatCanNotBeReadStillStandsForItsCompany) {
    PlanWorld world;
    world.add({.place = "A", .company = std::nullopt, .trouble = fail(Errc::busy, "in use")});
    world.add(local("B", lindqvist));
    world.agreed("A", lindqvist, {});
    world.online(lindqvist, {.receive_invoices = true});
    EXPECT_EQ(world.plan()[1].reason->code, Errc::duplicate);
    EXPECT_FALSE(world.plan()[1].acting());
    world.edit(0).ignored = true;
    EXPECT_TRUE(world.plan()[1].acting()) << "whose it is has said that it is none";
}

TEST(Plan, ANewCompanyWaitsForAYesWhereTheInstallationAsks) {
    PlanWorld world;
    world.views[0].asks_for_new = true;
    world.add(local("A", lindqvist, {.send_all_invoices = true}));
    world.online(lindqvist, {.send_all_invoices = false});
    EXPECT_EQ(world.only().reason->code, Errc::new_company);
    EXPECT_EQ(world.only().verdict, Verdict::held);
    world.memory.approvals.emplace(
        ApprovalKey{PlaceKey{"main", "A"}, std::nullopt},
        Approval{HoldKind::new_company, {{"main", "A"}, ekstrom, std::nullopt, {}, {}}, Side::local});
    EXPECT_FALSE(world.only().acting()) << "the yes was to another number";
    world.memory.approvals.begin()->second.row.company = lindqvist;
    EXPECT_EQ(world.only().step(Preference::send_all_invoices).action, Action::push) << "and said whose choices win";
    world.edit(0).notice = 5;
    EXPECT_TRUE(world.only().acting()) << "a mark of before asks no second question";
    world.memory.approvals.clear();
    world.agreed("A", lindqvist, {});
    EXPECT_TRUE(world.only().acting()) << "what was agreed is not new";
    world.memory.agreements = {};
    world.edit(0).settled = true;
    EXPECT_TRUE(world.only().acting()) << "the configuration has said it";
}

TEST(Plan, HoldsADifferenceWhereTheBaseWasLost) {
    PlanWorld world;
    auto company = local("A", lindqvist, {.receive_invoices = true});
    company.notice = 5;
    world.add(company);
    world.online(lindqvist, {.receive_invoices = false});
    const auto plan = world.only();
    EXPECT_EQ(plan.reason->code, Errc::base_lost);
    EXPECT_FALSE(plan.bind);
}

TEST(Plan, ParksAClaimThatAnotherHostHolds) {
    PlanWorld world;
    world.add(local("A", lindqvist, {.receive_invoices = true}));
    world.online(lindqvist, {});
    world.memory.claims["main"].put({lindqvist, ClaimStatus::held, "x", "server2"});
    const auto plan = world.only();
    EXPECT_EQ(plan.reason->code, Errc::claim_held);
    EXPECT_NE(to_text(plan.reason->message).find("server2"), std::string::npos);
}

Choice arbitrary_choice() {
    const int value = *rc::gen::inRange(0, 3);
    return value == 0 ? Choice{} : Choice{value == 1};
}
Preferences arbitrary_preferences() { return {arbitrary_choice(), arbitrary_choice()}; }

PlanWorld arbitrary_world() {
    PlanWorld world;
    world.add(local("A", lindqvist, arbitrary_preferences()));
    world.online(lindqvist, arbitrary_preferences(),
                 *rc::gen::arbitrary<bool>() ? CollaborationState::active : CollaborationState::invited);
    if (*rc::gen::arbitrary<bool>()) world.agreed("A", lindqvist, arbitrary_preferences());
    return world;
}

// Carries out a plan on the model of the world, as the agent does on the real one.
void apply(PlanWorld& world) {
    const auto plan = world.only();
    Agreement agreement{lindqvist, {}};
    if (const Agreement* known = world.memory.agreements.find({"main", "A"})) agreement = *known;
    for (const auto preference : all_preferences) {
        const Step& step = plan.step(preference);
        if (step.action == Action::write_local) world.edit(0).preferences[preference] = step.value;
        if (step.action == Action::push) world.memory.online[lindqvist].preferences[preference] = step.value;
        if (step.action == Action::write_local || step.action == Action::push || step.action == Action::rebase)
            agreement.base[preference] = step.value;
    }
    world.memory.agreements.put({"main", "A"}, agreement);
}

TEST(PlanProperties, AppliedAndPlannedAgainNothingIsLeftToDo) {
    EXPECT_TRUE(rc::check([] {
        PlanWorld world = arbitrary_world();
        apply(world);
        for (const Step& step : world.only().steps)
            RC_ASSERT(step.action == Action::none || step.action == Action::wait);
    }));
}

TEST(PlanProperties, IsDeterministicAndNeverInventsAValue) {
    EXPECT_TRUE(rc::check([] {
        const PlanWorld world = arbitrary_world();
        const auto plan = world.only();
        RC_ASSERT(plan.steps == world.only().steps);
        for (const Step& step : plan.steps)
            if (step.action == Action::write_local || step.action == Action::push)
                RC_ASSERT(step.value && (step.value == step.local || step.value == step.online));
    }));
}

}  // namespace
}  // namespace samsynk::sync
