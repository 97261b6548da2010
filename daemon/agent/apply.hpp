// Second part of a run: carry out a plan, each step journalled first, and remember what came of it.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <vector>

#include "agent/run_context.hpp"
#include "agent/status.hpp"
#include "sync/plan.hpp"

namespace samsynk::agent {

/// How far a run has come, for those who watch.
using Progress = std::function<void(std::size_t done, std::size_t total)>;

class Apply {
public:
    /// `run` is how the history knows it while it is under way. `shut`: why the service takes no operations.
    Apply(const RunContext& context, sync::HistoryRun run, Progress progress, Reason shut)
        : context_{context}, run_{std::move(run)}, progress_{std::move(progress)}, shut_{std::move(shut)} {}

    /// Carries out the plans at `chosen`; those that follow others after those, by how they came to stand. Plans that
    /// someone overtook are made again, three times at most. What was written is entered in the plan's
    /// `standing.local`.
    Async<> everything(std::vector<sync::CompanyPlan>& plans, std::vector<std::size_t> chosen,
                       const sync::PlanOptions& options);

    const std::vector<Change>& changes() const { return changes_; }
    std::size_t changed() const { return changed_; }
    /// Something was journalled: the history knows the run.
    bool begun() const { return begun_; }
    std::size_t to_local() const { return to_local_; }  ///< of these: choices that were carried over
    std::size_t to_online() const { return to_online_; }
    /// Companies whose steps did not succeed, by index of their plan.
    const std::map<std::size_t, Error>& troubles() const { return troubles_; }
    /// Why the service takes no operations now; what was to be sent waits for it, and the rest goes on.
    const Reason& shut() const { return shut_; }
    const std::set<std::size_t>& unsent() const { return unsent_; }

private:
    using Plans = std::vector<sync::CompanyPlan>;
    using Indexes = std::vector<std::size_t>;
    struct LocalStep {
        std::size_t plan;
        sync::Preference preference;
    };

    Async<> carry_out(Plans& plans, Indexes chosen, const sync::PlanOptions& options);
    Async<> agree(Plans& plans, const Indexes& chosen);
    Async<> write_local(Plans& plans, const Indexes& chosen);
    Async<> write_batch(Plans& plans, LocalSide& local, std::vector<LocalStep> batch);
    Async<> push(Plans& plans, const Indexes& chosen);
    /// Where the call as a whole fails, `shut_` says why.
    Async<> push_batch(Plans& plans, Indexes batch);
    Async<> remember_answers(const Plans& plans, const Indexes& chosen);
    Async<> tell(Plans& plans, const Indexes& chosen);
    Async<> tell_batch(Plans& plans, LocalSide& local, Indexes batch);
    boost::asio::awaitable<void> plan_again(Plans& plans, const sync::PlanOptions& options);
    /// A run that changes something is in the history from its first step on, so that one that was cut off is, too.
    void begin(sync::Commit& journal);
    void note(Change change);
    void done(std::size_t count) { progress_(done_ += count, total_); }

    const RunContext& context_;
    sync::HistoryRun run_;
    bool begun_ = false;
    Progress progress_;
    std::vector<Change> changes_;
    std::size_t changed_ = 0, to_local_ = 0, to_online_ = 0;
    std::map<std::size_t, Error> troubles_;
    Indexes overtaken_;
    Reason shut_;
    std::set<std::size_t> unsent_;
    std::size_t done_ = 0, total_ = 0;
};

/// The change that a step of a plan makes.
Change change_of(const sync::CompanyPlan& plan, sync::Preference preference);
/// The event that tells of a change.
Event event_of(const Change& change, const std::string& run);

}  // namespace samsynk::agent
