// One run, a straight line: gather, plan, apply, record. `--dry-run` stops after plan. A run that is about a few
// companies looks at those only, where that is safe.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "agent/commands.hpp"
#include "agent/gather.hpp"
#include "agent/ledger.hpp"
#include "agent/name_notices.hpp"
#include "agent/part.hpp"
#include "agent/sides.hpp"
#include "agent/status.hpp"
#include "sync/plan.hpp"

namespace samsynk::agent {

/// What a run needs of the agent. `stopping` is looked at between steps.
struct RunContext {
    Sides& sides;
    Ledger& ledger;
    Store& store;
    Clock& clock;
    EventSink& events;
    const bool& stopping;
    NameNotices& name_notices;
    std::function<void(const std::string& phase)> on_phase;
    std::optional<Errc> failed_before;  ///< what the run before failed of as a whole: told in the history only once
};

/// What came of a run: its result, and what to publish of companies and installations.
struct RunReport {
    RunResult result;
    bool whole = true;  ///< all companies were looked at
    std::shared_ptr<const CompanyList> companies;
    std::vector<InstallationStatus> installations;
};

class Run {
public:
    Run(RunContext context, SyncRequest request, News news, std::string id)
        : context_{std::move(context)},
          request_{std::move(request)},
          named_{request_.companies.begin(), request_.companies.end()},
          news_{std::move(news)},
          id_{std::move(id)} {}

    /// Never fails as a coroutine: a run that failed says so in its result.
    /// `before` is what was published last; it is kept for companies that this run does not look at.
    boost::asio::awaitable<RunReport> execute(std::shared_ptr<const Status> before);

private:
    Async<> go(const Status& before);
    Async<> gather(Gather& gather);
    bool may_trust() const;
    /// Whether it may look at a part, by what it was asked for.
    bool is_about_few() const;
    Async<> gather_part(Gather& gather, const Status& before);
    Async<> gather_whole(Gather& gather);
    Async<> plan_and_apply(const CompanyList& before);
    Async<> apply(const sync::PlanOptions& options);
    boost::asio::awaitable<void> tell_names(OnlineNames names, const Status& before);
    std::vector<OrgNumber> newly_named(const Status& before) const;
    Async<> ask(const sync::PlanOptions& options);
    Async<> park(std::vector<std::size_t> chosen, const CompanyList& before, const sync::PlanOptions& options);
    boost::asio::awaitable<void> remember(const RunResult& result);
    sync::HistoryRun as_history() const;
    std::vector<std::size_t> in_scope() const;
    bool is_named(const std::string& installation, const sync::LocalCompany& local) const;  ///< by the request
    bool asked_for(const sync::CompanyPlan& plan) const;
    /// `failed`: why the run did, where it did as a whole.
    CompanyList statuses(const CompanyList& before, const Reason& failed) const;
    CompanyStatus status_at(std::size_t index, const CompanyStatus* was, bool failed) const;
    std::vector<CompanyStatus> statuses_of_all(const CompanyList& before, const Reason& failed) const;
    void add_offline(std::vector<CompanyStatus>& all, const sync::LocalView& view, const CompanyList& before) const;
    std::vector<InstallationStatus> installations() const;
    void tell_companies(RunReport& report, const CompanyList& before) const;
    void phase(const std::string& name);
    void progress(const std::string& phase, std::size_t done, std::size_t total);
    void publish_end(const RunResult& result);

    RunContext context_;
    SyncRequest request_;
    std::set<OrgNumber> named_;  ///< by the request
    News news_;
    std::string id_;
    std::optional<Part> part_;         ///< where not all companies are looked at
    Reason shut_;                      ///< why the service takes no operations; all else was done
    std::set<std::size_t> unsent_;     ///< for that reason
    Reason unclaimed_;                 ///< why no claims could be asked for
    bool begun_ = false;               ///< the history knows of it, and must be told its end
    bool scanned_ = false;             ///< the local sides were looked at as a whole
    std::set<OrgNumber> news_online_;  ///< whose records changed: in scope, whatever was asked for
    std::vector<sync::LocalView> views_;
    std::vector<sync::CompanyPlan> plans_;
    std::map<std::size_t, Error> troubles_;
    std::set<std::size_t> resting_;
    std::vector<Change> changes_;
    std::size_t changed_ = 0, to_local_ = 0, to_online_ = 0;
    Time started_at_{};
};

}  // namespace samsynk::agent
