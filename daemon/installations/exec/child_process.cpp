#include "installations/exec/child_process.hpp"

#include <signal.h>
#include <sys/wait.h>

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <utility>

namespace samsynk::installations {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds time_to_end{2'000};
constexpr milliseconds time_to_die{2'000};   ///< once killed; what hangs in the kernel does not even then
constexpr milliseconds rest_of_errors{10};   ///< a flood of words costs the bridge time, not us
constexpr milliseconds time_to_follow{500};  ///< between the end of a child and that of its output, either way

std::string how_it_ended(int status) {
    if (WIFSIGNALED(status)) return std::string{"signal "} + std::to_string(WTERMSIG(status));
    return "exit status " + std::to_string(WEXITSTATUS(status));
}

}  // namespace

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
