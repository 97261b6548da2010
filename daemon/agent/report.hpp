// What a run tells: the state of each company, the changes, the events.
#pragma once

#include <functional>

#include <map>
#include <vector>

#include "agent/ports.hpp"
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

/// Counts `companies` into `result` and lists those that need to be told of; only those
/// `in_scope`.
void summarize(RunResult& result, const CompanyList& companies,
               const std::function<bool(const CompanyStatus&)>& in_scope);

/// Tells of each company whose state is another than it was; `before` in the same order or another.
void publish_transitions(EventSink& events, const std::string& run, const CompanyList& before, const CompanyList& now);

}  // namespace samsynk::agent
