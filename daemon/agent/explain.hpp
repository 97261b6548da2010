// Why a company's choices are as they are, put together from what is remembered. Pure.
#pragma once

#include "agent/commands.hpp"
#include "sync/plan.hpp"

namespace samsynk::agent {

/// `found` is the place as it is read just now; `history` the company's, newest run first.
Explanation explanation_of(const std::optional<OrgNumber>& company, CompanyDetail detail, sync::LocalCompanyPtr found,
                           const sync::Memory& memory, const sync::PlanOptions& options,
                           const std::vector<sync::HistoryEntry>& history);

}  // namespace samsynk::agent
