#include "agent/company_list.hpp"

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

namespace samsynk::agent {
namespace {

CompanyStatus named(const std::string& place) {
    auto found = std::make_shared<const sync::LocalCompany>(sync::LocalCompany{.place = place});
    return CompanyStatus{.installation = "main", .found = std::move(found), .reason = {}};
}

std::vector<std::string> places_of(const CompanyList& list) {
    std::vector<std::string> places;
    for (const CompanyStatus& company : list) places.push_back(company.place());
    return places;
}

RC_GTEST_PROP(CompanyList, IsWhatAPlainListWouldBeAndNeverChanges, ()) {
    std::vector<std::string> plain(*rc::gen::inRange<std::size_t>(0, 300));
    for (std::size_t i = 0; i < plain.size(); ++i) plain[i] = std::to_string(i);
    std::vector<CompanyStatus> all;
    for (const std::string& place : plain) all.push_back(named(place));
    const CompanyList list{std::move(all)};
    RC_ASSERT(list.size() == plain.size());
    RC_ASSERT(places_of(list) == plain);

    std::vector<std::string> wanted = plain;
    std::map<std::size_t, CompanyStatus> others;
    const auto chosen = *rc::gen::container<std::vector<std::size_t>>(
        rc::gen::inRange<std::size_t>(0, std::max<std::size_t>(plain.size(), 1)));
    for (const std::size_t index : chosen) {
        if (index >= plain.size()) continue;
        wanted[index] = "another";
        others.insert_or_assign(index, named("another"));
    }
    const CompanyList changed = list.with(std::move(others));
    RC_ASSERT(places_of(changed) == wanted);
    RC_ASSERT(places_of(list) == plain);
}

TEST(CompanyList, SharesWhatStandsFarFromAChange) {
    std::vector<CompanyStatus> all;
    for (int i = 0; i < 1000; ++i) all.push_back(named(std::to_string(i)));
    const CompanyList list{std::move(all)};
    std::map<std::size_t, CompanyStatus> others;
    others.emplace(500, named("another"));
    const CompanyList changed = list.with(std::move(others));
    EXPECT_EQ(&list[0], &changed[0]);
    EXPECT_EQ(&list[999], &changed[999]);
    EXPECT_NE(&list[500], &changed[500]);
}

}  // namespace
}  // namespace samsynk::agent
