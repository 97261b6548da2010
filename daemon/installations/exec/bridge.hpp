// A bridge that is kept running: started when it is needed, asked, watched, ended where it can't be believed, and
// rested.
#pragma once

#include <algorithm>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "async/event.hpp"
#include "async/task_group.hpp"
#include "async/worker.hpp"
#include "installations/exec/child_process.hpp"
#include "installations/exec/conversation.hpp"
#include "installations/exec/exec_installation.hpp"

namespace samsynk::installations {

/// How long a bridge rests before it is started again. A pure value of what was seen:
/// Twice as long each time it ends without having worked for a minute.
class RestartPause {
public:
    RestartPause(std::chrono::milliseconds least, std::chrono::milliseconds most)
        : least_{std::max(least, std::chrono::milliseconds{1})}, most_{std::max(most, least_)} {}

    std::chrono::milliseconds after(std::chrono::steady_clock::duration worked) {
        next_ = worked >= std::chrono::minutes{1} || next_ == std::chrono::milliseconds{0} ? least_
                                                                                           : std::min(most_, next_ * 2);
        return next_;
    }

private:
    std::chrono::milliseconds least_, most_, next_{0};
};

/// A request that is to be made: its line is written once it has an id.
struct BridgeRequest {
    Asked asked{};
    std::string place;
    std::function<std::string(std::uint64_t id)> line;
};

/// What those who wait are told when the installation goes.
Error bridge_closed();

/// Used from the thread of its executor. What is under way keeps it alive; `close` ends all of that.
class Bridge : public std::enable_shared_from_this<Bridge> {
public:
    Bridge(std::string path, ExecOptions options, boost::asio::any_io_executor executor);
    ~Bridge();

    /// Starts it where it does not run. Error installation_offline: it can't be, or it rests; then at once.
    agent::Async<> ready();
    /// Errors: those of the answer; installation_offline, of a write write_failed.
    agent::Async<BridgeAnswer> ask(BridgeRequest request);
    /// Writes, 32 under way at most. One result for each, in order.
    boost::asio::awaitable<std::vector<Result<void>>> ask_all(std::vector<BridgeRequest> requests);

    const HelloReply& hello() const { return hello_; }  ///< of the last that ran; before: defaults
    bool up() const { return phase_ == Phase::up; }
    void close();

    /// What was told since it was last taken; where it was started again, everything.
    agent::LocalNews take_news() { return news_.take(); }
    /// Returns when there may be news. Starts it again when it has rested. One at a time.
    boost::asio::awaitable<void> wait_for_news();
    void ring() { news_told_.notify_all(); }

private:
    enum class Phase { down, starting, up, closed };

    static boost::asio::awaitable<void> launch(std::shared_ptr<Bridge> self);
    static boost::asio::awaitable<bool> previous_has_ended(std::shared_ptr<Bridge> self);
    void start();
    void greet(SpawnedChild& spawned);
    ExchangePtr send(const BridgeRequest& request);
    boost::asio::awaitable<Result<BridgeAnswer>> outcome(ExchangePtr exchange);
    void take_line(const ChildProcess* from, std::string_view text);
    Result<void> take(std::string_view text);
    Result<void> changed(const ChangedLine& line);
    void greeted(Result<BridgeAnswer> answer);
    void lost(ChildEnd end, const std::string& how);
    void fell(Error why);
    /// The same, as installation_offline. The sentence is given {path} and {clock}.
    void fell(std::string sentence, std::vector<std::pair<std::string, std::string>> args = {},
              std::string detail = {});
    void watch();
    void overdue();
    Error given_up(const Exchange& exchange) const;
    void wake();

    std::string path_;
    ExecOptions options_;
    boost::asio::any_io_executor executor_;
    Conversation conversation_;
    RestartPause pause_;
    Worker worker_;
    boost::asio::steady_timer watchdog_;
    AsyncEvent turn_, news_told_;
    TaskGroup launches_;
    Phase phase_ = Phase::down;
    HelloReply hello_;
    Error why_;  ///< of the last end
    Moment next_try_{}, started_{};
    bool watched_ = false, was_up_ = false;
    std::shared_ptr<ChildProcess> child_;
    std::weak_ptr<ChildProcess> previous_;
    BridgeNews news_;
};

}  // namespace samsynk::installations
