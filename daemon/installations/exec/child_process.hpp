// A running child as its owner sees it: lines in, lines out, and its end. It lives as long as its process.
#pragma once

#include <array>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "installations/exec/line_splitter.hpp"
#include "installations/exec/spawn.hpp"
#include "installations/exec/text_tail.hpp"

namespace samsynk::installations {

/// How a child ended that was not told to.
enum class ChildEnd { by_itself, line_too_long, output_closed };

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
