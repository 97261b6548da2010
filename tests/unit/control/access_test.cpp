// Whom the kernel says that it is, and what their groups let them do.
#include "control/access.hpp"

#include <grp.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <thread>

namespace samsynk::control {
namespace {

// Of a thread that is in 200 groups; nothing where the test may not make one.
std::optional<Caller> caller_of_many_groups() {
    std::array<int, 2> ends{-1, -1};
    std::thread{[&] {
        std::vector<gid_t> groups;
        for (gid_t group = 5000; group < 5200; ++group) groups.push_back(group);
        // The system call itself is for this thread alone.
        if (::syscall(SYS_setgroups, groups.size(), groups.data()) != 0) return;
        ::syscall(SYS_setresuid, 65534, 65534, 65534);
        if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) != 0) ends = {-1, -1};
    }}.join();
    if (ends[0] < 0) return std::nullopt;
    const Caller caller = caller_of(ends[0]);
    for (const int end : ends) ::close(end);
    return caller;
}

TEST(Access, AllGroupsOfAProcessAreKnownHoweverManyTheyAre) {
    const auto caller = caller_of_many_groups();
    if (!caller) GTEST_SKIP() << "only root may be in groups as it likes";
    EXPECT_EQ(caller->uid, 65534U);
    EXPECT_FALSE(caller->trusted);
    for (const gid_t group : {5000U, 5063U, 5064U, 5199U})
        EXPECT_EQ(std::count(caller->groups.begin(), caller->groups.end(), group), 1) << group;
}

TEST(Access, WhoIsNobodyIsNotTrusted) {
    const Caller caller = caller_of(-1);
    EXPECT_FALSE(caller.trusted);
    EXPECT_TRUE(caller.groups.empty());
}

TEST(Access, TheGroupActsObserversLookOthersDoNeither) {
    const GroupNumbers numbers{{"samsynk", 10}, {"adm", 20}, {"staff", 30}};
    EXPECT_EQ(access_by({7, 10}, numbers, {"adm"}), Access::act);
    EXPECT_EQ(access_by({20}, numbers, {"adm", "gone"}), Access::look);
    EXPECT_EQ(access_by({30}, numbers, {"adm"}), Access::none) << "a group that is no observer any more";
    EXPECT_EQ(access_by({}, {}, {"adm"}), Access::none);
}

}  // namespace
}  // namespace samsynk::control
