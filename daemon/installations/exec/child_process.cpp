#include "installations/exec/child_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>

#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "installations/exec/brood.hpp"

namespace samsynk::installations {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

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

constexpr milliseconds time_to_end{2'000};
constexpr milliseconds time_to_die{2'000};   ///< once killed; what hangs in the kernel does not even then
constexpr milliseconds rest_of_errors{10};   ///< a flood of words costs the bridge time, not us
constexpr milliseconds time_to_follow{500};  ///< between the end of a child and that of its output, either way

std::string how_it_ended(int status) {
    if (WIFSIGNALED(status)) return std::string{"signal "} + std::to_string(WTERMSIG(status));
    return "exit status " + std::to_string(WEXITSTATUS(status));
}

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

ChildProcess::ChildProcess(asio::any_io_executor executor, SpawnedChild& spawned, std::size_t most)
    : pid_{spawned.pid},
      process_{executor, spawned.process.release()},
      output_{executor, spawned.output.release()},
      errors_{executor, spawned.errors.release()},
      input_{executor, asio::local::stream_protocol{}, spawned.input.release()},
      kill_timer_{executor},
      rest_timer_{executor},
      splitter_{most} {
    output_.non_blocking(true);
    errors_.non_blocking(true);
    spawned.pid = -1;  // from here on it is ours
}

ChildProcess::~ChildProcess() {
    if (reaped_) return;
    boost::system::error_code ignored;
    input_.close(ignored);
    output_.close(ignored);
    errors_.close(ignored);
    if (!ending_) {
        signal_group(pid_, SIGTERM);
        kill_at_ = steady_clock::now() + time_to_end;
    }
    const auto left = std::chrono::ceil<milliseconds>(kill_at_ - steady_clock::now()).count();
    if (reap(pid_, process_.native_handle(), static_cast<int>(std::max<long>(left, 0)), status_)) return;
    signal_group(pid_, SIGKILL);
    (void)reap(pid_, process_.native_handle(), time_to_die.count(), status_);
}

void ChildProcess::start(Listener listener) {
    listener_ = std::move(listener);
    read_output();
    read_errors();
    process_.async_wait(asio::posix::stream_descriptor::wait_read,
                        [self = shared_from_this()](const boost::system::error_code& code) {
                            if (!code) self->process_ended();
                        });
}

void ChildProcess::read_output() {
    output_.async_read_some(asio::buffer(output_chunk_),
                            [self = shared_from_this()](const boost::system::error_code& code, std::size_t size) {
                                if (self->ending_) return;
                                if (code) return self->output_ended();
                                self->took({self->output_chunk_.data(), size});
                                if (!self->ending_) self->read_output();
                            });
}

void ChildProcess::took(std::string_view bytes) {
    const bool on = splitter_.feed(bytes, [this](std::string_view line) {
        listener_.line(line);
        return !ending_;
    });
    if (!on && splitter_.too_long()) lost(ChildEnd::line_too_long, {});
}

// Most often as the process has; one that goes on without can't be talked with.
void ChildProcess::output_ended() {
    output_done_ = true;
    if (reaped_) return finish_when_all_is_read();
    kill_timer_.expires_after(time_to_follow);
    kill_timer_.async_wait([self = shared_from_this()](const boost::system::error_code& code) {
        if (!code && !self->reaped_) self->lost(ChildEnd::output_closed, {});
    });
}

void ChildProcess::read_errors() {
    errors_.async_read_some(asio::buffer(errors_chunk_), [self = shared_from_this()](const auto& code, auto size) {
        if (code) {
            self->errors_done_ = true;
            return self->finish_when_all_is_read();
        }
        self->errors_tail_.add({self->errors_chunk_.data(), size});
        if (size < self->errors_chunk_.size() || self->reaped_) return self->read_errors();
        self->rest_timer_.expires_after(rest_of_errors);
        self->rest_timer_.async_wait([self](const auto&) {
            if (!self->finished_) self->read_errors();
        });
    });
}

void ChildProcess::send(const std::string& lines) {
    if (ending_) return;
    waiting_ += lines;
    if (sending_.empty()) write_input();
}

void ChildProcess::write_input() {
    sending_ = std::exchange(waiting_, {});
    if (sending_.empty()) return;
    asio::async_write(input_, asio::buffer(sending_),
                      [self = shared_from_this()](const boost::system::error_code& code, std::size_t) {
                          self->sending_.clear();
                          // A bridge that reads no more is known by its end, or by the answers that fail to come.
                          if (!code && !self->ending_) self->write_input();
                      });
}

void ChildProcess::lost(ChildEnd end, const std::string& how) {
    if (ending_) return;
    const auto tell = listener_.lost;
    this->end();
    tell(end, how);
}

void ChildProcess::end() {
    if (std::exchange(ending_, true)) return;
    boost::system::error_code ignored;
    input_.close(ignored);
    output_.close(ignored);
    if (reaped_) return;
    signal_group(pid_, SIGTERM);
    kill_at_ = steady_clock::now() + time_to_end;
    kill_timer_.expires_at(kill_at_);
    kill_timer_.async_wait([self = shared_from_this()](const boost::system::error_code& code) {
        if (!code && !self->reaped_) signal_group(self->pid_, SIGKILL);
    });
}

// What it said before it ended counts. One that left its group and holds the streams is not waited for.
void ChildProcess::process_ended() {
    (void)reap(pid_, process_.native_handle(), 0, status_);
    reaped_ = true;
    kill_timer_.expires_after(time_to_follow);
    kill_timer_.async_wait([self = shared_from_this()](const auto& code) {
        if (!code) self->finish();
    });
    rest_timer_.cancel();
    finish_when_all_is_read();
}

void ChildProcess::finish_when_all_is_read() {
    if (reaped_ && errors_done_ && (output_done_ || ending_)) finish();
}

void ChildProcess::finish() {
    if (std::exchange(finished_, true)) return;
    lost(ChildEnd::by_itself, how_it_ended(status_));
    boost::system::error_code ignored;
    for (auto* stream : {&process_, &output_, &errors_})
        if (stream->is_open()) stream->close(ignored);
    input_.close(ignored);
    kill_timer_.cancel();
    rest_timer_.cancel();
    listener_ = {};
}

}  // namespace samsynk::installations
