#include "installations/exec/brood.hpp"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <vector>

namespace samsynk::installations {
namespace {

// Bridges are started and reaped on threads of their own. Nothing is waited for while this is held.
struct Brood {
    std::mutex mutex;
    bool adopts = false;
    std::uint64_t counted = 0;
    std::size_t starting = 0;
    std::map<pid_t, std::string> bridges;
    std::set<std::string> marks;  ///< of bridges that live or are being started
};

Brood& brood() {
    static Brood all;
    return all;
}

// A child is listed with the thread that has it.
std::vector<pid_t> children() {
    std::vector<pid_t> all;
    std::error_code code;
    for (const auto& thread : std::filesystem::directory_iterator{"/proc/self/task", code}) {
        std::ifstream list{thread.path() / "children"};
        all.insert(all.end(), std::istream_iterator<pid_t>{list}, std::istream_iterator<pid_t>{});
    }
    return all;
}

std::string mark_of(pid_t pid) {
    std::ifstream environment{"/proc/" + std::to_string(pid) + "/environ"};
    const std::string name = std::string{bridge_mark} + "=";
    for (std::string line; std::getline(environment, line, '\0');)
        if (line.starts_with(name)) return line.substr(name.size());
    return {};
}

std::string mark_begins() { return std::to_string(::getpid()) + "-"; }

// One that bears no mark may be another bridge's, as long as there is one; and anybody's, where we are the first
// process of a container, to whom all orphans go.
bool is_left(const Brood& all, pid_t pid) {
    const std::string mark = mark_of(pid);
    if (mark.empty()) return all.marks.empty() && ::getpid() != 1;
    return mark.starts_with(mark_begins()) && !all.marks.contains(mark);
}

}  // namespace

void adopt_orphans() {
    const std::lock_guard lock{brood().mutex};
    brood().adopts = ::prctl(PR_SET_CHILD_SUBREAPER, 1) == 0;
}

BridgeStart::BridgeStart() {
    Brood& all = brood();
    const std::lock_guard lock{all.mutex};
    mark_ = mark_begins() + std::to_string(++all.counted);
    all.marks.insert(mark_);
    ++all.starting;
}

BridgeStart::~BridgeStart() {
    const std::lock_guard lock{brood().mutex};
    --brood().starting;
    if (!begun_) brood().marks.erase(mark_);
}

void BridgeStart::has_begun(pid_t pid) {
    const std::lock_guard lock{brood().mutex};
    brood().bridges[pid] = mark_;
    begun_ = true;
}

void bridge_ended(pid_t pid) {
    {
        const std::lock_guard lock{brood().mutex};
        const auto known = brood().bridges.find(pid);
        if (known == brood().bridges.end()) return;
        brood().marks.erase(known->second);
        brood().bridges.erase(known);
    }
    end_what_bridges_left();
}

// While one is being started, a child that is no known bridge may be just that one: it is left for the next look. A
// child that was not reaped keeps its number, so that no other process is ended in its place.
bool end_what_bridges_left() {
    Brood& all = brood();
    const std::lock_guard lock{all.mutex};
    if (!all.adopts || all.counted == 0) return false;
    if (all.starting > 0) return true;
    bool left = false;
    for (const pid_t pid : children()) {
        if (all.bridges.contains(pid) || ::waitpid(pid, nullptr, WNOHANG) == pid) continue;
        if (!is_left(all, pid)) continue;
        left = true;
        ::kill(pid, SIGKILL);
    }
    return left;
}

}  // namespace samsynk::installations
