#include "installations/exec/spawn.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>

#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "installations/exec/brood.hpp"

namespace samsynk::installations {
namespace {

constexpr int last_wait_ms = 2000;

// Never 0, 1 or 2, which the child's own are copied onto.
posix::UniqueFd above_the_standard_ones(int descriptor) {
    posix::UniqueFd low{descriptor};
    if (descriptor < 0 || descriptor > 2) return low;
    return posix::UniqueFd{::fcntl(descriptor, F_DUPFD_CLOEXEC, 3)};
}

bool make_pipe(posix::UniqueFd& read, posix::UniqueFd& write) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return false;
    read = posix::UniqueFd{ends[0]};
    write = above_the_standard_ones(ends[1]);
    return write.get() >= 0;
}

// Ours can't be written to from the other end: nobody would read it.
bool make_input(posix::UniqueFd& ours, posix::UniqueFd& theirs) {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return false;
    ours = posix::UniqueFd{ends[0]};
    theirs = above_the_standard_ones(ends[1]);
    return theirs.get() >= 0 && ::shutdown(ours.get(), SHUT_RD) == 0;
}

std::vector<std::string> environment_of(const SpawnWish& wish, const std::string& mark) {
    std::map<std::string, std::string> all{{"PATH", "/usr/local/bin:/usr/bin:/bin"}, {"HOME", "/"}};
    for (const char* name : {"PATH", "HOME", "TZ"})
        if (const char* value = std::getenv(name)) all[name] = value;
    all["LANG"] = "C.UTF-8";
    for (const auto& [name, value] : wish.environment) all[name] = value;
    all[bridge_mark] = mark;
    std::vector<std::string> lines;
    for (const auto& [name, value] : all) lines.push_back(name + "=" + value);
    return lines;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> all;
    for (std::string& text : texts) all.push_back(text.data());
    all.push_back(nullptr);
    return all;
}

// What posix_spawn is told; freed with it.
class Actions {
public:
    Actions(int input, int output, int errors) {
        ::posix_spawn_file_actions_init(&files_);
        ::posix_spawnattr_init(&attributes_);
        failed_ = ::posix_spawn_file_actions_adddup2(&files_, input, 0) |
                  ::posix_spawn_file_actions_adddup2(&files_, output, 1) |
                  ::posix_spawn_file_actions_adddup2(&files_, errors, 2) |
                  ::posix_spawn_file_actions_addclosefrom_np(&files_, 3) |
                  ::posix_spawn_file_actions_addchdir_np(&files_, "/");
        sigset_t none, all;
        ::sigemptyset(&none);
        ::sigfillset(&all);
        failed_ |= ::posix_spawnattr_setsigmask(&attributes_, &none) |
                   ::posix_spawnattr_setsigdefault(&attributes_, &all) | ::posix_spawnattr_setpgroup(&attributes_, 0) |
                   ::posix_spawnattr_setflags(&attributes_,
                                              POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    }
    Actions(const Actions&) = delete;
    Actions& operator=(const Actions&) = delete;
    ~Actions() {
        ::posix_spawn_file_actions_destroy(&files_);
        ::posix_spawnattr_destroy(&attributes_);
    }
    bool failed() const { return failed_ != 0; }
    const posix_spawn_file_actions_t* files() const { return &files_; }
    const posix_spawnattr_t* attributes() const { return &attributes_; }

private:
    posix_spawn_file_actions_t files_{};
    posix_spawnattr_t attributes_{};
    int failed_ = 0;
};

}  // namespace

Error can_not_start(int why) {
    return fail(Errc::installation_offline,
                N_("{path} could not be started ({why}). Samsynk tries it again at {clock}. Check the installation's "
                   "command, and whether samsynkd may run it."),
                {{"why", std::strerror(why)}});
}

SpawnedChild::~SpawnedChild() {
    if (pid <= 0) return;
    signal_group(pid, SIGKILL);
    int status = 0;
    (void)reap(pid, process.get(), last_wait_ms, status);
}

void signal_group(pid_t pid, int signal) { ::kill(-pid, signal); }

bool reap(pid_t pid, int process, int milliseconds, int& status) {
    pollfd ended{process, POLLIN, 0};
    int count = 0;
    while ((count = ::poll(&ended, 1, milliseconds)) < 0 && errno == EINTR) continue;
    if (count == 0) return false;
    // Before it is reaped its number is its own, so that no other's group is killed.
    signal_group(pid, SIGKILL);
    if (::waitpid(pid, &status, WNOHANG) == 0) return false;
    bridge_ended(pid);
    return true;
}

Result<void> spawn(const SpawnWish& wish, SpawnedChild& child) {
    if (wish.command.empty()) return can_not_start(ENOENT);
    posix::UniqueFd input, output, errors;
    if (!make_input(child.input, input) || !make_pipe(child.output, output) || !make_pipe(child.errors, errors))
        return can_not_start(errno);
    const Actions actions{input.get(), output.get(), errors.get()};
    if (actions.failed()) return can_not_start(ENOMEM);
    auto words = wish.command;
    BridgeStart start;
    auto lines = environment_of(wish, start.mark());
    const int failed = ::posix_spawn(&child.pid, words.front().c_str(), actions.files(), actions.attributes(),
                                     pointers(words).data(), pointers(lines).data());
    if (failed != 0) {
        child.pid = -1;
        return can_not_start(failed);
    }
    start.has_begun(child.pid);
    // The header of glibc 2.36 is not one for C++.
    child.process = posix::UniqueFd{static_cast<int>(::syscall(SYS_pidfd_open, child.pid, 0))};
    if (child.process.get() < 0) return can_not_start(errno);
    return {};
}

}  // namespace samsynk::installations
