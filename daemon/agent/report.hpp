// What a run tells: the state of each company, the changes, the events.
#pragma once

#include <vector>

#include "agent/ports.hpp"
#include "agent/scope.hpp"
#include "agent/status.hpp"
#include "sync/plan.hpp"

namespace samsynk::agent {

/// What an installation tells of itself, before its companies were looked at.
InstallationStatus status_of(const LocalSide& local);

/// The state of one company after its plan was carried out; `trouble` is why a step did not succeed, if one did not.
CompanyStatus status_of(const sync::CompanyPlan& plan, const sync::Memory& memory, const Error* trouble);

/// A place that a run could not get as far as planning.
CompanyStatus pending_status(const std::string& installation, sync::LocalCompanyPtr local);

/// Every change that the plan would make, for a dry run.
std::vector<Change> planned_changes(const std::vector<sync::CompanyPlan>& plans, const sync::Memory& memory);

/// Counts the companies in scope into `result`, and lists those that need to be told of.
void summarize(RunResult& result, const Inventory& companies, const Scope& scope);

/// Tells of each company that was looked at and whose state is another than it was.
void publish_transitions(EventSink& events, const std::string& run, const Inventory& before,
                         const std::vector<const CompanyStatus*>& looked_at);

/// How a run ended.
Event event_of(const RunResult& result);

}  // namespace samsynk::agent
