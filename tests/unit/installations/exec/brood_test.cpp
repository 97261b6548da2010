// What a bridge starts ends with it, wherever it moved; what a living bridge starts goes on.
#include "installations/exec/brood.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>

#include "installations/exec/child_process.hpp"

namespace samsynk::installations {
namespace {

using namespace std::chrono_literals;

bool comes_true(const std::function<bool()>& condition) {
    for (int n = 0; n < 500; ++n) {
        if (condition()) return true;
        std::this_thread::sleep_for(10ms);
    }
    return false;
}

bool lives(pid_t pid) { return ::kill(pid, 0) == 0; }

struct ExecBrood : testing::Test {
    ~ExecBrood() override { std::filesystem::remove_all(folder); }

    // Starts what moves into a session of its own; its first process is gone by then.
    std::string leaves(const std::string& name, const std::string& before = "") const {
        return "(" + before + " setsid sh -c 'echo $$ > " + (folder / name).string() + "; exec sleep 300' &) ; ";
    }
    pid_t pid_in(const std::string& name) const {
        pid_t pid = 0;
        comes_true([&] { return static_cast<bool>(std::ifstream{folder / name} >> pid); });
        return pid;
    }
    static SpawnWish sh(const std::string& text) { return {.command = {"/bin/sh", "-c", text}, .environment = {}}; }

    // In a process of its own: it takes over the orphans of all that it starts.
    static void in_own_process(const std::function<bool()>& story) {
        const pid_t pid = ::fork();
        if (pid == 0) {
            ::alarm(60);
            adopt_orphans();
            ::_exit(story() ? 0 : 1);
        }
        int status = 0;
        ASSERT_EQ(::waitpid(pid, &status, 0), pid);
        EXPECT_EQ(status, 0);
    }

    std::filesystem::path folder = [] {
        std::string name = std::filesystem::temp_directory_path() / "brood-XXXXXX";
        return std::filesystem::path{::mkdtemp(name.data())};
    }();
};

bool end(SpawnedChild& child) {
    int status = 0;
    ::kill(child.pid, SIGTERM);
    const bool reaped = reap(child.pid, child.process.get(), 5000, status);
    child.pid = -1;
    return reaped;
}

TEST_F(ExecBrood, WhatLeftItsSessionEndsWithItsBridge) {
    in_own_process([this] {
        SpawnedChild child;
        if (spawn(sh(leaves("a") + "sleep 300"), child).has_error()) return false;
        const pid_t orphan = pid_in("a");
        if (orphan <= 0 || !lives(orphan)) return false;
        (void)end_what_bridges_left();
        std::this_thread::sleep_for(50ms);
        if (!lives(orphan)) return false;  // its bridge lives
        return end(child) && comes_true([&] { return !end_what_bridges_left() && !lives(orphan); });
    });
}

TEST_F(ExecBrood, OneThatHidesItsMarkEndsWithTheLastBridge) {
    in_own_process([this] {
        SpawnedChild child;
        if (spawn(sh(leaves("a", "exec env -i PATH=/usr/bin:/bin") + "sleep 300"), child).has_error()) return false;
        const pid_t orphan = pid_in("a");
        return orphan > 0 && end(child) && comes_true([&] { return !end_what_bridges_left() && !lives(orphan); });
    });
}

TEST_F(ExecBrood, AnotherBridgesHelperGoesOn) {
    in_own_process([this] {
        SpawnedChild one, other;
        if (spawn(sh(leaves("a") + "sleep 300"), one).has_error()) return false;
        if (spawn(sh(leaves("b") + "sleep 300"), other).has_error()) return false;
        const pid_t of_one = pid_in("a"), of_other = pid_in("b");
        if (of_one <= 0 || of_other <= 0 || !end(one)) return false;
        if (!comes_true([&] { return !end_what_bridges_left() && !lives(of_one); })) return false;
        return lives(of_other) && end(other) &&
               comes_true([&] { return !end_what_bridges_left() && !lives(of_other); });
    });
}

TEST_F(ExecBrood, ChildrenThatAreNoBridgesOrphansAreLeftWhereNothingIsAdopted) {
    const pid_t own = ::fork();
    if (own == 0) ::_exit(0);
    SpawnedChild child;
    ASSERT_TRUE(spawn(sh("exit 0"), child).has_value());
    int status = 0;
    EXPECT_TRUE(reap(child.pid, child.process.get(), 5000, status));
    child.pid = -1;
    EXPECT_EQ(::waitpid(own, &status, 0), own);
}

}  // namespace
}  // namespace samsynk::installations
