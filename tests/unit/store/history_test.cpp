// What the store tells of runs and changes, and what it forgets.
#include "sync/history.hpp"

#include "store/sqlite_store.hpp"
#include "unit/store/support.hpp"

namespace samsynk::store {
namespace {

using namespace sync;
using std::chrono::hours;

const Time now{hours{500'000}};

HistoryRun run(const std::string& id, Time at, bool finished = true) {
    return {.id = id,
            .trigger = "manual",
            .by = "anna",
            .started_at = at,
            .finished_at = finished ? std::optional{at} : std::nullopt,
            .outcome = finished ? "failed" : "",
            .companies = 3,
            .changed = 2,
            .error = finished ? Reason{fail(Errc::busy, "{file} is in use", {{"file", "ö"}})} : Reason{}};
}

HistoryChange change(const std::string& run, const OrgNumber& who, Time at = now) {
    return {.run = run,
            .at = at,
            .kind = ChangeKind::to_online,
            .key = {"main", "Ö"},
            .company = who,
            .preference = Preference::receive_invoices,
            .from = std::nullopt,
            .to = true,
            .rule = Rule::fill_online,
            .operation = "op",
            .request = "q",
            .by = {}};
}

class HistoryTest : public testing::Test {
protected:
    void keep(std::vector<HistoryRun> runs, std::vector<HistoryChange> changes = {}) {
        Commit commit;
        commit.runs = std::move(runs);
        commit.history = std::move(changes);
        commit.time_is_confirmed = time_is_confirmed;
        ASSERT_TRUE(store->commit(commit).has_value());
    }
    std::vector<HistoryEntry> find(HistoryQuery query = {}) { return store->history(query).value(); }

    bool time_is_confirmed = true;
    Folder folder;
    std::unique_ptr<SqliteStore> store = std::move(SqliteStore::open(folder.path()).value());
};

TEST_F(HistoryTest, GivesBackWhatWasPutNewestRunFirst) {
    HistoryChange told = change("r-2", company(1));
    told.kind = ChangeKind::told;
    told.preference.reset();
    told.collaboration = CollaborationState::ending;
    keep({run("r-1", now, false)}, {change("r-1", company(0))});
    keep({run("r-2", now)}, {told});
    keep({run("r-1", now)});
    const auto found = find();
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].run, run("r-2", now));
    EXPECT_EQ(found[0].changes, std::vector{told});
    EXPECT_EQ(found[1].run, run("r-1", now)) << "finished meanwhile";
    EXPECT_EQ(found[1].changes, std::vector{change("r-1", company(0))});
}

TEST_F(HistoryTest, CanBeAskedForACompanyForARunAndForFew) {
    keep({run("r-1", now), run("r-2", now), run("r-3", now)},
         {change("r-1", company(0)), change("r-1", company(1)), change("r-3", company(0))});
    const auto of_company = find({.company = company(0)});
    ASSERT_EQ(of_company.size(), 2U);
    EXPECT_EQ(of_company[1].changes.size(), 1U) << "its own changes only";
    ASSERT_EQ(find({.run = "r-1"}).size(), 1U);
    EXPECT_EQ(find({.run = "r-1"})[0].changes.size(), 2U);
    EXPECT_EQ(find({.limit = 1})[0].run.id, "r-3");
    EXPECT_TRUE(find({.run = "r-none"}).empty());
}

TEST_F(HistoryTest, AChangeMayComeBeforeItsRun) {
    keep({}, {change("r-1", company(0))});
    ASSERT_EQ(find().size(), 1U);
    EXPECT_EQ(find()[0].run.outcome, "");
    keep({run("r-1", now)});
    ASSERT_EQ(find().size(), 1U);
    EXPECT_EQ(find()[0].run.by, "anna");
    EXPECT_EQ(find()[0].changes.size(), 1U);
}

TEST_F(HistoryTest, WhatIsOlderThan400DaysIsForgotten) {
    keep({run("r-old", now - hours{24 * 401})}, {change("r-old", company(0), now - hours{24 * 401})});
    keep({run("r-kept", now - hours{24 * 399})}, {change("r-kept", company(0), now - hours{24 * 399})});
    keep({run("r-new", now)});
    const auto found = find();
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[1].run.id, "r-kept");
    EXPECT_EQ(found[1].changes.size(), 1U);
    EXPECT_EQ(find({.company = company(0)}).size(), 1U);
}

TEST_F(HistoryTest, ATimeThatNobodyConfirmedMakesNothingOld) {
    keep({run("r-old", now - hours{24 * 300})}, {change("r-old", company(0), now - hours{24 * 300})});
    time_is_confirmed = false;
    for (const hours leap : {hours{24 * 200}, hours{24 * 3650}})
        keep({run("r-" + std::to_string(leap.count()), now + leap)});
    EXPECT_EQ(find({.company = company(0)}).size(), 1U);
    EXPECT_EQ(find().size(), 3U);
    time_is_confirmed = true;
    keep({run("r-new", now)});
    EXPECT_EQ(find({.company = company(0)}).size(), 1U) << "nor is it, now that the clock is right again";
}

TEST_F(HistoryTest, NeverMoreChangesThanTheBound) {
    std::vector<HistoryChange> many(static_cast<std::size_t>(most_history_changes) + 10, change("r-1", company(0)));
    keep({}, std::move(many));
    keep({run("r-1", now)});
    EXPECT_EQ(find()[0].changes.size(), static_cast<std::size_t>(most_history_changes));
}

TEST_F(HistoryTest, IsThereAfterARestart) {
    keep({run("r-1", now)}, {change("r-1", company(0))});
    store.reset();
    store = std::move(SqliteStore::open(folder.path()).value());
    EXPECT_EQ(find()[0].changes, std::vector{change("r-1", company(0))});
}

}  // namespace
}  // namespace samsynk::store
