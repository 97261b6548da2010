#include "agent/scope.hpp"

#include <gtest/gtest.h>

namespace samsynk::agent {
namespace {

const OrgNumber lindqvist = OrgNumber::parse("5560160680").value(), ekstrom = OrgNumber::parse("5560360793").value();

Scope of_place(const std::string& installation, const std::string& place) {
    return {.all = false, .installations = {}, .places = {{installation, place}}, .companies = {}};
}

Scope of_installation(const std::string& installation) {
    return {.all = false, .installations = {installation}, .places = {}, .companies = {}};
}

TEST(Scope, NamesACompanyByItsNumberItsPlaceOrItsInstallation) {
    const sync::LocalCompany local{.place = "L", .company = lindqvist};
    const sync::LocalCompany nameless{.place = "L"};
    EXPECT_TRUE(Scope::everything().names("main", nameless));
    EXPECT_TRUE(Scope::of_company(lindqvist).names("main", local));
    EXPECT_FALSE(Scope::of_company(ekstrom).names("main", local));
    EXPECT_FALSE(Scope::of_company(lindqvist).names("main", nameless));
    EXPECT_TRUE(of_place("main", "L").names("main", nameless));
    EXPECT_FALSE(of_place("other", "L").names("main", local));
    EXPECT_TRUE(of_installation("main").names("main", nameless));
    EXPECT_FALSE(Scope{}.names("main", local)) << "nothing is named, which is not everything";
}

TEST(Scope, CoversOnlyWhatItsRunWouldDo) {
    EXPECT_TRUE(Scope::everything().covers(of_place("main", "L")));
    EXPECT_FALSE(of_installation("main").covers(Scope::everything()));
    EXPECT_TRUE(of_installation("main").covers(of_place("main", "L")));
    EXPECT_FALSE(of_installation("main").covers(of_place("other", "L")));
    EXPECT_FALSE(of_installation("main").covers(Scope::of_company(lindqvist))) << "it may stand in another one";
    EXPECT_FALSE(of_place("main", "L").covers(of_installation("main")));
    Scope both = Scope::of_company(lindqvist);
    EXPECT_FALSE(both.covers(Scope::of_company(ekstrom)));
    both.add(Scope::of_company(ekstrom));
    both.add(of_place("main", "L"));
    EXPECT_TRUE(both.covers(Scope::of_company(ekstrom)));
    EXPECT_TRUE(both.covers(of_place("main", "L")));
    both.add(Scope::everything());
    EXPECT_TRUE(both.covers(Scope::everything()));
}

}  // namespace
}  // namespace samsynk::agent
