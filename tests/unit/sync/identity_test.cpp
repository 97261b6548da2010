// Whose a place is said to be, and by what: the files that were exported from another place of the installation.
#include "sync/identity.hpp"

#include <gtest/gtest.h>

#include "sync/guard.hpp"
#include "unit/sync/known.hpp"

namespace samsynk::sync {
namespace {

const OrgNumber another = OrgNumber::parse("556036-0793").value();

struct Exported {
    Exported() {
        add("Ovnbol2000", another, {});
        add("Ovnbol2100", lindqvist, "ovnbol2000");
    }
    void add(const std::string& place, const OrgNumber& company, const std::string& from) {
        view.companies.push_back(std::make_shared<const LocalCompany>(
            LocalCompany{.place = place, .company = company, .exported_from = from, .identity_source = "bok.se"}));
    }
    Standing standing() { return identify(views = {view}, memory).at(1); }
    Errc why() {
        const Standing one = standing();
        return one.set_aside ? one.set_aside->code : Errc{};
    }

    LocalView view{.installation = "main", .companies = {}, .trouble = {}};
    std::vector<LocalView> views;
    Memory memory;
    const PlaceKey key{"main", "Ovnbol2100"};
};

TEST(ExportedFrom, AnotherPlaceOfTheInstallationIsAskedAboutAtFirst) {
    Exported world;
    EXPECT_EQ(world.why(), Errc::new_company);
    EXPECT_TRUE(world.standing().needs_person);
    EXPECT_NE(to_text(world.standing().set_aside->message).find("exported from the company folder Ovnbol2000"),
              std::string::npos);
    world.memory.approvals.insert_or_assign(
        ApprovalKey{world.key, std::nullopt},
        Approval{HoldKind::new_company, {world.key, lindqvist, {}, {}, {}}, Side::local});
    EXPECT_EQ(world.why(), Errc{}) << "someone has said yes";
    EXPECT_EQ(world.standing().take, Side::local);
}

TEST(ExportedFrom, WhatWasAgreedStands) {
    Exported world;
    world.memory.agreements.put(world.key, {lindqvist, {}});
    EXPECT_EQ(world.why(), Errc{});
    world.memory.agreements.put(world.key, {another, {}});
    EXPECT_EQ(world.why(), Errc::identity_changed);
    EXPECT_NE(to_text(world.standing().set_aside->message).find("exported from"), std::string::npos);
}

TEST(ExportedFrom, AFolderThatIsNoPlaceHereSaysNothing) {
    Exported world;
    world.view.companies.front() =
        std::make_shared<const LocalCompany>(LocalCompany{.place = "Annan", .company = another});
    EXPECT_EQ(world.why(), Errc{});
}

TEST(ExportedFrom, TheConfigurationSaysWhoItIs) {
    Exported world;
    auto named = *world.view.companies.back();
    named.settled = true;
    world.view.companies.back() = std::make_shared<const LocalCompany>(named);
    EXPECT_EQ(world.why(), Errc{});
}

}  // namespace
}  // namespace samsynk::sync
