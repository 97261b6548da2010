// Keeps the queue of runs and decides when the next one is due; listens for what changes between them.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <deque>
#include <functional>
#include <map>

#include "agent/commands.hpp"
#include "agent/feed.hpp"
#include "agent/ledger.hpp"
#include "agent/local_watch.hpp"
#include "agent/run.hpp"
#include "agent/sides.hpp"
#include "async/event.hpp"
#include "async/task_group.hpp"

namespace samsynk::agent {

class Scheduler : public Commands, private NewsDesk {
public:
    Scheduler(boost::asio::any_io_executor executor, Clock& clock, Store& store, EventSink& events,
              std::shared_ptr<Sides> sides);

    /// Loads the memory. Call once, before anything else that waits.
    Async<> open();
    /// Runs at once, then every interval, whenever asked, and (with `push`) whenever there is news, until `stop`.
    boost::asio::awaitable<void> serve();
    /// Makes one run and returns; for `--once`.
    boost::asio::awaitable<RunResult> once(SyncRequest request);
    /// Ends what the installations keep running, and waits for none of them any longer. Last of all.
    void close();
    /// Ends an unfinished run in order: the step under way is finished or left in the journal.
    void stop();

    /// From the next run on.
    void replace(std::shared_ptr<Sides> sides);
    /// Called when there is nothing to do until the next run.
    void on_rest(std::function<void()> rest) { rest_ = std::move(rest); }

    std::shared_ptr<const Status> status() const override { return status_; }
    bool has_room(const SyncRequest& request) const override;
    std::string request_sync(SyncRequest request) override;
    Async<std::shared_ptr<const RunResult>> result(std::string run) override;
    Backlog backlog() const override { return {ledger_->memory().operations.size(), ledger_->memory().parked.size()}; }
    RequestCounts request_counts() const override { return sides_->online->request_counts(); }
    std::uint64_t steps_of_run() const override { return in_use_ ? in_use_->steps() : 0; }
    std::shared_ptr<SignIn> sign_in() const override { return sides_->online->sign_in(); }

private:
    struct Waiting {
        std::string id;
        SyncRequest request;
        std::optional<ChangePage> page = {};  ///< that it is made for, and the cursor that this continues
        std::string page_after = {};
    };

    // NewsDesk
    std::shared_ptr<Sides> sides() const override { return sides_; }
    bool stopping() const override { return stopping_; }
    bool online_well() const override;
    std::string cursor() const override { return ledger_->memory().cursor; }
    std::string epoch() const override { return ledger_->memory().epoch; }
    boost::asio::awaitable<std::shared_ptr<const RunResult>> carry(News news) override;
    boost::asio::awaitable<void> turn() override;
    void hurry() override;
    void publish_feed(FeedStatus feed) override;

    std::string request_news(News news);
    void listen(boost::asio::awaitable<void> listener);
    boost::asio::awaitable<void> until_nobody_listens();
    boost::asio::awaitable<void> next_run();
    void cancel_waiting();

    boost::asio::awaitable<std::shared_ptr<const RunResult>> run(Waiting next);
    void publish(RunReport report, std::shared_ptr<const RunResult> result, bool whole);
    void publish_phase(const std::string& run, const std::string& phase);
    void publish_service(const RunResult& result);
    void publish_installations(const std::vector<InstallationStatus>& before,
                               const std::vector<InstallationStatus>& now, const std::string& run);
    void finish(std::shared_ptr<const RunResult> result);
    void sync_once_signed_in();
    std::chrono::milliseconds pause() const;
    void plan_retry(Errc why);
    SyncRequest due() const;
    void name_by_number(SyncRequest& request) const;

protected:
    Clock& clock_;
    Store& store_;
    std::shared_ptr<Sides> sides_;
    std::unique_ptr<Ledger> ledger_;
    std::shared_ptr<const Status> status_;

private:
    EventSink& events_;
    std::shared_ptr<Sides> in_use_;      ///< by the run under way: a reload may have replaced `sides_`
    std::weak_ptr<Sides> listed_under_;  ///< by which all that is known was listed
    NameNotices name_notices_;
    std::deque<Waiting> queue_;
    std::string running_;
    std::map<std::string, std::shared_ptr<const RunResult>> results_;
    std::deque<std::string> result_order_;
    AsyncEvent finished_, turned_;
    Feed feed_;
    LocalWatch watch_;
    TaskGroup listeners_;
    unsigned failures_ = 0;
    Time retry_at_{}, retry_soonest_{};  ///< after a run that failed
    std::chrono::milliseconds retry_pause_{0};
    Time next_whole_{};  ///< when all companies are looked at again; some may be tried before that
    bool service_down_ = false;
    bool stopping_ = false;
    std::function<void()> rest_;
};

}  // namespace samsynk::agent
