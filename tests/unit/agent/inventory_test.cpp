#include "agent/inventory.hpp"

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

namespace samsynk::agent {
namespace {

// A valid organisation number, another one for each n.
OrgNumber number(std::uint64_t n) {
    for (std::uint64_t check = 0;; ++check)
        if (const auto found = OrgNumber::of((556'000'000 + n) * 10 + check)) return *found;
}

struct Plain {
    std::string place;
    std::uint64_t number = 0;
    bool settled = true;
};

CompanyStatus status(const std::string& installation, const Plain& plain) {
    sync::LocalCompany local{.place = plain.place, .company = number(plain.number)};
    CompanyStatus status{.installation = installation,
                         .found = std::make_shared<const sync::LocalCompany>(std::move(local)),
                         .reason = {}};
    status.settled = plain.settled;
    return status;
}

using Model = std::map<std::string, std::map<std::string, Plain>>;  // by installation and place

void expect_same(const Inventory& inventory, const Model& model, const std::vector<std::string>& order) {
    std::vector<sync::PlaceKey> keys, wanted;
    for (const CompanyStatus& one : inventory) keys.push_back(one.key());
    std::set<sync::PlaceKey> unsettled;
    std::map<std::uint64_t, std::vector<sync::PlaceKey>> by_number;
    for (const std::string& installation : order)
        if (const auto of = model.find(installation); of != model.end())
            for (const auto& [place, plain] : of->second) {
                wanted.push_back({installation, place});
                if (!plain.settled) unsettled.insert({installation, place});
                by_number[plain.number].push_back({installation, place});
            }
    RC_ASSERT(keys == wanted);
    RC_ASSERT(inventory.size() == wanted.size());
    RC_ASSERT(inventory.unsettled() == unsettled);
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        RC_ASSERT(inventory[i].key() == wanted[i]);
        RC_ASSERT(inventory.find(wanted[i]) == &inventory[i]);
    }
    for (std::uint64_t n = 0; n < 40; ++n) {
        std::vector<sync::PlaceKey> shown;
        for (const CompanyStatus* one : inventory.with_number(number(n))) shown.push_back(one->key());
        RC_ASSERT(shown == by_number[n]);
    }
    RC_ASSERT(inventory.find({"nobody", "P"}) == nullptr);
}

std::map<std::string, Plain> any_list(std::size_t most) {
    std::map<std::string, Plain> list;
    const auto size = *rc::gen::inRange<std::size_t>(0, most);
    for (std::size_t i = 0; i < size; ++i) {
        const std::string place = "P" + std::to_string(*rc::gen::inRange(0, 1000));
        list[place] = {place, *rc::gen::inRange<std::uint64_t>(0, 40), *rc::gen::arbitrary<bool>()};
    }
    return list;
}

RC_GTEST_PROP(Inventory, IsWhatAPlainMapWouldBeAndNeverChanges, ()) {
    std::vector<std::string> order{"main", "other", "third"};
    Inventory inventory;
    Model model;
    for (int round = 0; round < 4; ++round) {
        const Inventory before = inventory;
        const Model model_before = model;
        const std::vector<std::string> order_before = order;
        if (!order.empty() && *rc::gen::inRange(0, 6) == 0) {
            model.erase(order.back());
            order.pop_back();
        }
        InventoryChange change{.installations = order, .listed = {}, .sizes = {}, .places = {}};
        for (const std::string& installation : order) {
            if (*rc::gen::inRange(0, 3) == 0) {
                model[installation] = any_list(200);
                auto& listed = change.listed[installation];
                for (const auto& [place, plain] : model[installation]) listed.push_back(status(installation, plain));
                continue;
            }
            for (auto& [place, plain] : model[installation]) {
                if (*rc::gen::inRange(0, 10) != 0) continue;
                plain.number = *rc::gen::inRange<std::uint64_t>(0, 40);
                plain.settled = *rc::gen::arbitrary<bool>();
                change.places.push_back(status(installation, plain));
            }
        }
        inventory = before.with(std::move(change));
        expect_same(inventory, model, order);
        expect_same(before, model_before, order_before);
    }
}

TEST(Inventory, SharesWhatStandsFarFromAChange) {
    std::vector<CompanyStatus> all;
    for (int i = 1000; i < 2000; ++i) all.push_back(status("main", {std::to_string(i), 1}));
    const Inventory inventory{std::move(all)};
    InventoryChange change{.installations = {"main"}, .listed = {}, .sizes = {}, .places = {}};
    change.places.push_back(status("main", {"1500", 2}));
    const Inventory changed = inventory.with(std::move(change));
    EXPECT_EQ(&inventory[0], &changed[0]);
    EXPECT_EQ(&inventory[999], &changed[999]);
    EXPECT_NE(&inventory[500], &changed[500]);
}

TEST(Inventory, KeepsTheSizeOfTheLastCompleteList) {
    InventoryChange listed{.installations = {"main"}, .listed = {}, .sizes = {{"main", 7}}, .places = {}};
    listed.listed["main"] = {status("main", {"P", 1})};
    const Inventory known = Inventory{}.with(std::move(listed));
    EXPECT_EQ(known.companies_in("main"), 7U);
    InventoryChange away{.installations = {"main"}, .listed = {}, .sizes = {}, .places = {}};
    away.listed["main"] = {status("main", {"P", 1})};
    EXPECT_EQ(known.with(std::move(away)).companies_in("main"), 7U);
    EXPECT_EQ(known.companies_in("other"), 0U);
}

}  // namespace
}  // namespace samsynk::agent
