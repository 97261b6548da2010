// One run, a straight line: gather, plan, apply, record. `--dry-run` stops after plan.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "agent/commands.hpp"
#include "agent/gather.hpp"
#include "agent/name_notices.hpp"
#include "agent/run_context.hpp"
#include "agent/status.hpp"
#include "agent/survey.hpp"
#include "sync/plan.hpp"

namespace samsynk::agent {

/// What a run is asked for, and what it is told of what was before.
struct RunOrder {
    SyncRequest request;
    std::optional<ChangePage> page;     ///< that came from the online side
    std::string page_after;             ///< the cursor that it continues
    bool list_all = false;              ///< what is known can't be gone by
    std::optional<Errc> failed_before;  ///< what the run before failed of as a whole: told in the history only once
};

/// What came of a run: its result, and what to publish of companies and installations.
struct RunReport {
    RunResult result;
    bool complete = false;  ///< every installation was listed, or could not be
    std::shared_ptr<const Inventory> companies;
    std::vector<InstallationStatus> installations;
};

class Run {
public:
    using OnPhase = std::function<void(const std::string& phase)>;

    Run(RunContext context, RunOrder order, NameNotices& name_notices, OnPhase on_phase)
        : context_{std::move(context)},
          order_{std::move(order)},
          request_{order_.request},
          name_notices_{name_notices},
          on_phase_{std::move(on_phase)} {}

    /// Never fails as a coroutine: a run that failed says so in its result. `before` is what was published last: what
    /// this run does not look at stands as it is there.
    boost::asio::awaitable<RunReport> execute(std::shared_ptr<const Status> before);

private:
    Async<> go(const Status& before);
    Async<> ask_online(Gather& gather);
    Async<> plan();
    Async<> claim(bool first);
    void leave_others(const Inventory& known, const std::set<OrgNumber>& changed);
    Async<> carry_out(const Inventory& known);
    Async<> apply();
    boost::asio::awaitable<void> tell_names(OnlineNames names, const Status& before);
    boost::asio::awaitable<void> remember(const RunResult& result);
    RunReport report(const Status& before, const Reason& failed);
    void tell_companies(RunReport& report, const Inventory& before, const InventoryChange& change) const;
    bool by_person() const;
    sync::HistoryRun as_history() const;
    void phase(const std::string& name);
    void progress(const std::string& phase, std::size_t done, std::size_t total);

    RunContext context_;
    RunOrder order_;
    const SyncRequest& request_;
    NameNotices& name_notices_;
    OnPhase on_phase_;
    Reason shut_;                   ///< why the service takes no operations; all else was done
    std::set<std::size_t> unsent_;  ///< for that reason
    Reason unclaimed_;              ///< why no claims could be asked for
    bool begun_ = false;            ///< the history knows of it, and must be told its end
    bool was_restored_ = false;     ///< the service, in mid-run
    std::optional<Survey> survey_;  ///< nothing where the local side was not looked at
    sync::PlanOptions options_;
    std::vector<sync::LocalView> views_;
    std::vector<sync::CompanyPlan> plans_;
    std::map<std::size_t, Error> troubles_;
    std::set<std::size_t> resting_;
    std::set<std::size_t> left_;  ///< for the next run
    std::vector<Change> changes_;
    std::size_t changed_ = 0, to_local_ = 0, to_online_ = 0;
    Time started_at_{};
};

}  // namespace samsynk::agent
