#include "sync/parking.hpp"

#include <gtest/gtest.h>
#include "unit/sync/known.hpp"

namespace samsynk::sync {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

class ParkingTest : public testing::Test {
protected:
    ParkingTest() {
        view.installation = "main";
        LocalCompany local{.place = "L", .company = lindqvist};
        local.preferences.receive_invoices = true;
        plan.standing.view = &view;
        plan.standing.local = std::make_shared<const LocalCompany>(local);
        plan.version = 7;
    }
    Parking fails(const Parking* before, Errc code, Time at, double random = 0.5) {
        return parked(before, plan, fail(code, "why"), {}, at, random);
    }
    LocalView view;
    CompanyPlan plan{.standing = {}, .reason = {}};
};

TEST_F(ParkingTest, WaitsLongerEachTimeUpToABoundAndNeverNotAtAll) {
    std::optional<Parking> parking;
    Time at = now;
    std::chrono::milliseconds longest{0};
    for (unsigned attempt = 1; attempt <= 12; ++attempt) {
        parking = fails(parking ? &*parking : nullptr, Errc::busy, at);
        EXPECT_EQ(parking->failures, attempt);
        EXPECT_EQ(parking->since, now) << "it has failed since then";
        EXPECT_GE(parking->next_try - at, seconds{10});
        EXPECT_LE(parking->next_try - at, minutes{15});
        longest = std::max(longest, parking->next_try - at);
        at = parking->next_try;
    }
    EXPECT_GT(longest, minutes{10});
}

TEST_F(ParkingTest, WhatNeedsAPersonIsNotHammered) {
    EXPECT_GE(fails(nullptr, Errc::rejected, now, 0.0).next_try - now, minutes{30});
    EXPECT_LE(fails(nullptr, Errc::busy, now, 0.99).next_try - now, seconds{20});
}

TEST_F(ParkingTest, JitterSpreadsTheAttempts) {
    EXPECT_NE(fails(nullptr, Errc::busy, now, 0.1).next_try, fails(nullptr, Errc::busy, now, 0.9).next_try);
}

TEST_F(ParkingTest, AnotherReasonBeginsAnew) {
    const Parking busy = fails(nullptr, Errc::busy, now);
    const Parking full = fails(&busy, Errc::write_failed, now + minutes{1});
    EXPECT_EQ(full.failures, 1U);
    EXPECT_EQ(full.since, now);
}

TEST_F(ParkingTest, KeepsTheLastSuccessFromBefore) {
    const Parking first = parked(nullptr, plan, fail(Errc::busy, "why"), now - hours{1}, now, 0.5);
    EXPECT_EQ(fails(&first, Errc::busy, now).last_success, now - hours{1});
}

TEST_F(ParkingTest, RestsUntilItsTimeOrUntilEitherSideShowsAnythingNew) {
    const Parking parking = fails(nullptr, Errc::write_failed, now);
    EXPECT_TRUE(rests(parking, plan, now + seconds{1}));
    EXPECT_FALSE(rests(parking, plan, parking.next_try));
    CompanyPlan newer = plan;
    newer.version = 8;
    EXPECT_FALSE(rests(parking, newer, now + seconds{1}));
    LocalCompany changed = *plan.standing.local;
    changed.preferences.receive_invoices = false;
    newer = plan;
    newer.standing.local = std::make_shared<const LocalCompany>(changed);
    EXPECT_FALSE(rests(parking, newer, now + seconds{1}));
}

TEST_F(ParkingTest, AClaimThatIsGrantedAgainIsNotWaitedFor) {
    EXPECT_FALSE(rests(fails(nullptr, Errc::claim_held, now), plan, now + seconds{1}));
    EXPECT_TRUE(rests(fails(nullptr, Errc::rejected, now), plan, now + seconds{1}));
}

TEST_F(ParkingTest, WhatAWrongClockNotedKeepsNobodyWaiting) {
    const Parking parking = fails(nullptr, Errc::rejected, now + hours{24 * 365});
    EXPECT_FALSE(rests(parking, plan, now));
    EXPECT_TRUE(rests(parking, plan, now + hours{24 * 365})) << "as long as that is the time";
}

}  // namespace
}  // namespace samsynk::sync
