// Rights end when they end: with the group, the configuration, or an answer of the name service that stays away.
#include "control/rights.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "fake_names.hpp"

namespace samsynk::control {
namespace {

using namespace std::chrono_literals;

// Long enough for a thread to begin and to answer, also on a machine with more to do than this.
constexpr auto keeps = 700ms;

struct RightsTest : testing::Test {
    RightsTest() {
        names->people[7] = {"anna", {1, 10}};
        names->people[8] = {"olle", {1, 20}};
    }
    ~RightsTest() override { names->go_on(); }

    Peer judge(const Caller& caller) { return judge(caller, rights); }
    Peer judge(const Caller& caller, Rights& by) {
        Peer peer;
        boost::asio::co_spawn(context, by.judge(caller), [&](std::exception_ptr, Peer told) { peer = told; });
        context.restart();
        context.run();
        return peer;
    }

    boost::asio::io_context context;
    std::shared_ptr<FakeNames> names = std::make_shared<FakeNames>();
    Rights rights{context.get_executor(), names, {"adm"}, 2s, keeps};
    const Caller anna{7, {1, 10}, false}, olle{8, {1, 20}, false};
};

TEST_F(RightsTest, TheGroupActsAndObserversLookUnderTheirNames) {
    EXPECT_EQ(judge(anna).access, Access::act);
    EXPECT_EQ(judge(anna).name, "anna");
    EXPECT_EQ(judge(olle).access, Access::look);
    EXPECT_EQ(judge(Caller{9, {1}, false}).access, Access::none);
    EXPECT_EQ(judge(Caller{9, {1}, false}).name, "9");
}

TEST_F(RightsTest, WhoLeavesTheGroupLosesItWhateverTheirProcessHolds) {
    ASSERT_EQ(judge(anna).access, Access::act);
    names->change(7, {"anna", {1, 20}});
    std::this_thread::sleep_for(keeps + 50ms);
    EXPECT_EQ(judge(anna).access, Access::look);
    names->change(7, {"anna", {1}});
    std::this_thread::sleep_for(keeps + 50ms);
    EXPECT_EQ(judge(anna).access, Access::none);
}

TEST_F(RightsTest, WhoseUserIsTakenAwayMayNothing) {
    names->people.erase(7);
    EXPECT_EQ(judge(anna).access, Access::none);
}

TEST_F(RightsTest, TheNameServiceAloneLetsNobodyIn) {
    EXPECT_EQ(judge(Caller{7, {1}, false}).access, Access::none) << "signed in before they came into the group";
}

TEST_F(RightsTest, AnObserverOfBeforeAReloadMayNothingAtOnce) {
    ASSERT_EQ(judge(olle).access, Access::look);
    rights.let_look({});
    EXPECT_EQ(rights.at_first_sight(olle), Access::none);
    EXPECT_EQ(judge(olle).access, Access::none);
}

TEST_F(RightsTest, AnObserverOfAReloadMayLookAtOnce) {
    names->groups["revision"] = 40;
    names->people[9] = {"eva", {40}};
    ASSERT_EQ(judge(Caller{9, {40}, false}).access, Access::none);
    rights.let_look({"revision"});
    EXPECT_EQ(judge(Caller{9, {40}, false}).access, Access::look);
}

TEST_F(RightsTest, WhereTheNameServiceHangsThereIsReadingOnly) {
    ASSERT_EQ(judge(anna).access, Access::act);
    names->hang();
    std::this_thread::sleep_for(keeps + 50ms);
    EXPECT_EQ(judge(anna).access, Access::look);
    EXPECT_EQ(judge(anna).name, "anna") << "as it was known last";
    const int asked = names->asked;
    const auto begun = std::chrono::steady_clock::now();
    for (int n = 0; n < 20; ++n) EXPECT_EQ(judge(anna).access, Access::look);
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 2s) << "it is waited for once";
    EXPECT_EQ(names->asked, asked) << "one question at a time";
    names->go_on();
    for (int n = 0; n < 100 && judge(anna).access != Access::act; ++n) std::this_thread::sleep_for(10ms);
    EXPECT_EQ(judge(anna).access, Access::act);
}

TEST_F(RightsTest, RootActsAlsoWhereTheNameServiceHangs) {
    names->hang();
    EXPECT_EQ(judge(Caller{0, {0}, true}).access, Access::act);
}

TEST_F(RightsTest, AnAnswerIsUsedForAWhile) {
    Rights lasting{context.get_executor(), names, {"adm"}};
    for (int n = 0; n < 10; ++n) judge(anna, lasting);
    EXPECT_EQ(names->asked, 1);
}

TEST(SystemNames, KnowsRootAndTellsWhatThereIsNot) {
    SystemNames names;
    const auto root = names.person(0);
    ASSERT_TRUE(root.found);
    EXPECT_EQ(root.found->name, "root");
    EXPECT_FALSE(root.found->groups.empty());
    EXPECT_EQ(names.group("root").found, gid_t{0});
    EXPECT_TRUE(names.group("no-such-group-here").reached);
    EXPECT_FALSE(names.group("no-such-group-here").found);
}

}  // namespace
}  // namespace samsynk::control
