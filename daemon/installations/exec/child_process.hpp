// A program that is started as a child in a process group of its own, with nothing of ours but three streams; and as
// its owner sees it: lines in, lines out, and its end.
#pragma once

#include <sys/types.h>

#include <array>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "installations/exec/bridge_messages.hpp"
#include "posix/unique_fd.hpp"

namespace samsynk::installations {

/// A child that runs. Where nobody takes it over, it is killed and reaped with this.
struct SpawnedChild {
    SpawnedChild() = default;
    SpawnedChild(const SpawnedChild&) = delete;
    SpawnedChild& operator=(const SpawnedChild&) = delete;
    ~SpawnedChild();

    pid_t pid = -1;           ///< also its process group; taken over by setting it to -1
    posix::UniqueFd process;  ///< readable when it has ended
    posix::UniqueFd input;    ///< a socket: writing to it raises no signal
    posix::UniqueFd output, errors;
};

struct SpawnWish {
    std::vector<std::string> command;                // [0] an absolute path
    std::map<std::string, std::string> environment;  // besides PATH, HOME, LANG=C.UTF-8, TZ and a mark
};

/// May block as long as the file system on which the program lies. Error installation_offline.
Result<void> spawn(const SpawnWish& wish, SpawnedChild& child);

/// The error for an `errno`. Its sentence lacks whose it is: {path} and {clock} (see bridge.cpp).
Error can_not_start(int why);

/// To the whole process group, while its first process has not been reaped.
void signal_group(pid_t pid, int signal);
/// Waits until the child has ended, at most so long, kills what is left of its group, and reaps it. False: it has not
/// ended.
bool reap(pid_t pid, int process, int milliseconds, int& status);

/// The end of what a program writes on standard error, however much that is.
class TextTail {
public:
    void add(std::string_view text) {
        kept_ += text;
        if (kept_.size() > most) kept_.erase(0, kept_.size() - most);
    }
    std::size_t size() const { return kept_.size(); }
    /// Shortened, and as it can be shown.
    std::string last_line() const {
        std::string_view text = kept_;
        const std::size_t end = text.find_last_not_of(" \t\r\n");
        if (end == std::string_view::npos) return {};
        text = text.substr(0, end + 1);
        return shown_text(text.substr(text.rfind('\n') + 1), longest_shown);
    }

private:
    static constexpr std::size_t most = 4 * 1024;
    static constexpr std::size_t longest_shown = 300;

    std::string kept_;
};

/// How a child ended that was not told to.
enum class ChildEnd { by_itself, line_too_long, output_closed };

/// It lives as long as its process.
class ChildProcess : public std::enable_shared_from_this<ChildProcess> {
public:
    struct Listener {
        std::function<void(std::string_view)> line;  ///< may call `end`
        /// Not after `end`; once. For `by_itself` with how: `exit status 1`, `signal 9`.
        std::function<void(ChildEnd, std::string how)> lost;
    };

    ChildProcess(boost::asio::any_io_executor executor, SpawnedChild& spawned, std::size_t most);
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;
    /// Where nothing runs its work any more: ends it here, which may take two seconds.
    ~ChildProcess();

    void start(Listener listener);
    /// Kept until the child reads it.
    void send(const std::string& lines);
    std::size_t unsent() const { return sending_.size() + waiting_.size(); }
    /// Asks it to end, and its whole process group; what has not after two seconds is killed. No line comes any more.
    void end();
    bool ended() const { return reaped_; }
    /// The last line that it wrote on standard error, shortened.
    std::string last_words() const { return errors_tail_.last_line(); }

private:
    void read_output();
    void read_errors();
    void write_input();
    void took(std::string_view bytes);
    void output_ended();
    void lost(ChildEnd end, const std::string& how);
    void process_ended();
    void finish_when_all_is_read();
    void finish();

    pid_t pid_;
    boost::asio::posix::stream_descriptor process_, output_, errors_;
    boost::asio::local::stream_protocol::socket input_;
    boost::asio::steady_timer kill_timer_, rest_timer_;
    LineSplitter splitter_;
    Listener listener_;
    std::string sending_, waiting_;
    TextTail errors_tail_;
    std::array<char, 64 * 1024> output_chunk_{};
    std::array<char, 4 * 1024> errors_chunk_{};
    bool ending_ = false, reaped_ = false, finished_ = false, output_done_ = false, errors_done_ = false;
    int status_ = 0;
    std::chrono::steady_clock::time_point kill_at_{};
};

}  // namespace samsynk::installations
