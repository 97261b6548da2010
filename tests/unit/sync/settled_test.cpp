#include "sync/settled.hpp"

#include <gtest/gtest.h>

#include "sync/guard.hpp"

namespace samsynk::sync {
namespace {

using std::chrono::hours;

const OrgNumber one = OrgNumber::parse("5560160680").value(), other = OrgNumber::parse("5560360793").value();

LocalCompanyPtr at(const std::string& place, const OrgNumber& company) {
    return std::make_shared<const LocalCompany>(LocalCompany{.place = place, .company = company, .name = place});
}

struct SettledWorld {
    std::vector<LocalView> views{{.installation = "main", .companies = {at("a", one), at("b", other)}, .listed = true},
                                 {.installation = "old", .companies = {at("copy", one)}, .listed = true}};
    Memory memory;

    void agree(const std::string& installation, const std::string& place, const OrgNumber& company) {
        memory.agreements.put({installation, place}, {company, {}});
    }
    void grant(const std::string& installation, const OrgNumber& company) {
        memory.claims[installation].put({.company = company, .status = ClaimStatus::granted});
    }
    const LocalCompany* find(const std::string& installation, const std::string& place) const {
        for (const LocalView& view : views)
            for (const auto& company : view.companies)
                if (view.installation == installation && company->place == place) return company.get();
        return nullptr;
    }
};

TEST(Settled, OneOfTwoPlacesCountsAndTheOtherIsIgnored) {
    SettledWorld world;
    ASSERT_TRUE(identify(world.views, world.memory)[0].set_aside) << "without it both are held";
    settle(world.views, {{one, {false, "main", ""}}});
    const auto standings = identify(world.views, world.memory);
    EXPECT_FALSE(standings[0].set_aside);
    EXPECT_FALSE(standings[0].local->ignored);
    EXPECT_TRUE(standings[2].local->ignored);
    EXPECT_FALSE(standings[1].local->ignored) << "no word of that one";
}

TEST(Settled, APlaceInTheSameInstallationIsNamedByIt) {
    SettledWorld world;
    world.views[0].companies.push_back(at("c", one));
    settle(world.views, {{one, {false, "main", "c"}}});
    EXPECT_TRUE(world.find("main", "a")->ignored);
    EXPECT_TRUE(world.find("old", "copy")->ignored);
    EXPECT_FALSE(world.find("main", "c")->ignored);
    EXPECT_TRUE(world.find("main", "c")->settled);
}

TEST(Settled, IgnoredIsIgnoredEverywhere) {
    SettledWorld world;
    settle(world.views, {{one, {true, "", ""}}});
    EXPECT_TRUE(world.find("main", "a")->ignored);
    EXPECT_TRUE(world.find("old", "copy")->ignored);
}

TEST(Settled, AnInstallationThatIsOfflineDoesNotHoldWhatIsSettledElsewhere) {
    SettledWorld world;
    world.agree("old", "copy", one);
    world.views[1] = {.installation = "old", .companies = {}, .trouble = fail(Errc::installation_offline, "gone")};
    ASSERT_TRUE(identify(world.views, world.memory)[0].set_aside) << "it may be there still";
    settle(world.views, {{one, {false, "main", ""}}});
    EXPECT_FALSE(identify(world.views, world.memory)[0].set_aside);
}

TEST(Missing, APlaceThatIsNotFoundAnyMoreIsSetAsideWithItsNumber) {
    SettledWorld world;
    const OrgNumber gone = OrgNumber::parse("2120000142").value();
    world.agree("main", "aa", gone);
    world.grant("main", gone);
    add_missing(world.views, world.memory, {});
    const LocalCompany* found = world.find("main", "aa");
    ASSERT_TRUE(found);
    EXPECT_TRUE(found->missing);
    EXPECT_EQ(found->company, gone);
    EXPECT_EQ(found->trouble->code, Errc::company_missing);
    EXPECT_EQ(world.views[0].companies[1]->place, "aa") << "in order of place";
    const auto plans = make_plan(identify(world.views, world.memory), world.memory, {});
    EXPECT_EQ(plans[1].verdict, Verdict::failed);
}

TEST(Missing, IsNotWhatMovedOrIsOfflineOrIgnoredOrGivenUp) {
    const OrgNumber gone = OrgNumber::parse("2120000142").value();
    SettledWorld moved;
    moved.agree("main", "old name", one);
    add_missing(moved.views, moved.memory, {});
    EXPECT_FALSE(moved.find("main", "old name")) << "its number stands in another place";

    SettledWorld offline;
    offline.agree("main", "x", gone);
    offline.views[0] = {.installation = "main", .companies = {}, .trouble = fail(Errc::installation_offline, "gone")};
    add_missing(offline.views, offline.memory, {});
    EXPECT_FALSE(offline.find("main", "x"));

    SettledWorld ignored;
    ignored.agree("main", "x", gone);
    add_missing(ignored.views, ignored.memory, {{gone, {true, "", ""}}});
    EXPECT_FALSE(ignored.find("main", "x"));

    SettledWorld released;
    released.agree("main", "x", gone);
    released.memory.claims["main"].put({.company = gone, .status = ClaimStatus::released});
    add_missing(released.views, released.memory, {});
    EXPECT_FALSE(released.find("main", "x"));
}

TEST(Missing, TheClaimIsGivenUpWhenItsTimeIsOver) {
    SettledWorld world;
    const OrgNumber gone = OrgNumber::parse("2120000142").value();
    const Time since{hours{24 * 1000}};
    world.agree("main", "x", gone);
    world.grant("main", gone);
    world.memory.parked[{"main", "x"}] =
        Parking{.key = {"main", "x"}, .reason = fail(Errc::company_missing, "missing"), .since = since};
    add_missing(world.views, world.memory, {});
    EXPECT_TRUE(long_missing(world.views, world.memory, since + hours{23}, hours{24}).empty());
    const auto over = long_missing(world.views, world.memory, since + hours{24}, hours{24});
    ASSERT_EQ(over.size(), 1U);
    EXPECT_EQ(over[0].company, gone);
    world.memory.claims.clear();
    EXPECT_TRUE(long_missing(world.views, world.memory, since + hours{24}, hours{24}).empty()) << "given up already";
}

// The next valid number from there on.
OrgNumber some_number(std::uint64_t& from) {
    for (;; ++from)
        if (const auto number = OrgNumber::of(from)) {
            ++from;
            return *number;
        }
}

TEST(Missing, DoesNotMakeAMassChangeLookSmall) {
    SettledWorld world;
    std::uint64_t next = 5561000000;
    world.views[0].companies.clear();
    for (int i = 0; i < 100; ++i) world.views[0].companies.push_back(at("m" + std::to_string(i), some_number(next)));
    std::vector<CompanyPlan> plans;
    for (const auto& company : world.views[0].companies) {
        auto missing = std::make_shared<LocalCompany>(*company);
        missing->missing = true;
        missing->trouble = fail(Errc::company_missing, "missing");
        plans.push_back({.standing = {.view = &world.views[0], .local = missing, .set_aside = missing->trouble}});
    }
    // Twelve of twelve that are there, and a hundred that are not: twelve is all of them.
    for (int i = 0; i < 12; ++i) {
        CompanyPlan plan{
            .standing = {.view = &world.views[0], .local = at("n" + std::to_string(i), some_number(next))}};
        plan.verdict = Verdict::act;
        plan.step(Preference::send_all_invoices) = {.rule = Rule::online_changed,
                                                    .action = Action::write_local,
                                                    .base = true,
                                                    .local = true,
                                                    .online = false,
                                                    .value = false};
        plans.push_back(std::move(plan));
    }
    std::vector<std::size_t> all(plans.size());
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
    guard(plans, all, world.memory, {.mass_change_limit = 0.2});
    EXPECT_EQ(plans.front().verdict, Verdict::in_step) << "what is missing is let be";
    EXPECT_EQ(plans.back().verdict, Verdict::held);
}

}  // namespace
}  // namespace samsynk::sync
