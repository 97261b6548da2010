#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "telemetry/log_sink.hpp"

namespace samsynk::telemetry {
namespace {

constexpr std::size_t most_waiting = 4096;
constexpr std::chrono::seconds last_words{2};

Event left_out(std::size_t count) {
    const std::vector<std::pair<std::string, std::string>> args{{"count", std::to_string(count)}};
    return Event{.name = "log.dropped",
                 .level = Level::warning,
                 .message = {N_("{count} lines are missing here: what the log is written to did not keep up."), args},
                 .fields = args,
                 .at = wall_clock()};
}

}  // namespace

struct BackgroundSink::Shared {
    using Job = std::function<void(LogSink&)>;

    explicit Shared(std::unique_ptr<LogSink> to) : sink{std::move(to)} {}

    // Until all is written and nothing more will come.
    void work() {
        for (std::unique_lock alone{mutex};;) {
            changed.wait(alone, [this] { return closing || !jobs.empty(); });
            if (jobs.empty()) break;
            const Job job = std::move(jobs.front());
            jobs.pop_front();
            const std::size_t missing = jobs.empty() ? std::exchange(dropped, 0) : 0;
            alone.unlock();
            job(*sink);
            if (missing > 0) sink->write(left_out(missing));
            alone.lock();
        }
        const std::lock_guard alone{mutex};
        ended = true;
        changed.notify_all();
    }

    std::unique_ptr<LogSink> sink;  ///< of the thread alone
    std::mutex mutex;
    std::condition_variable changed;
    std::deque<Job> jobs;
    std::size_t dropped = 0;
    bool closing = false, ended = false;
};

BackgroundSink::BackgroundSink(std::unique_ptr<LogSink> next) : shared_{std::make_shared<Shared>(std::move(next))} {
    std::thread{[shared = shared_] { shared->work(); }}.detach();
}

BackgroundSink::~BackgroundSink() { close(); }

void BackgroundSink::give(std::function<void(LogSink&)> job) {
    const std::lock_guard alone{shared_->mutex};
    if (shared_->jobs.size() >= most_waiting) {
        ++shared_->dropped;
        return;
    }
    shared_->jobs.push_back(std::move(job));
    shared_->changed.notify_all();
}

void BackgroundSink::write(const Event& event) {
    give([event](LogSink& sink) { sink.write(event); });
}

void BackgroundSink::set_minimum(Level minimum) {
    give([minimum](LogSink& sink) { sink.set_minimum(minimum); });
}

void BackgroundSink::reopen() {
    give([](LogSink& sink) { sink.reopen(); });
}

void BackgroundSink::close() {
    const std::lock_guard alone{shared_->mutex};
    shared_->closing = true;
    shared_->changed.notify_all();
}

void BackgroundSink::finish() {
    close();
    std::unique_lock alone{shared_->mutex};
    shared_->changed.wait_for(alone, last_words, [this] { return shared_->ended; });
}

}  // namespace samsynk::telemetry
