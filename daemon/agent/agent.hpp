// The agent: the runs, and answers to what people and scripts ask of it.
#pragma once

#include <string>
#include <vector>

#include "agent/scheduler.hpp"

namespace samsynk::agent {

class Agent final : public Scheduler {
public:
    using Scheduler::Scheduler;

    Async<CompanyDetail> company(CompanyRef company) override;
    Async<CompanyDetail> set_preferences(CompanyRef company, sync::Preferences choices, std::string by) override;
    std::vector<sync::Hold> held() const override;
    Async<std::shared_ptr<const RunResult>> approve(std::string hold, std::optional<sync::Side> take,
                                                    std::string by) override;
    Async<Explanation> explain(CompanyRef company) override;
    Async<std::vector<sync::HistoryEntry>> history(sync::HistoryQuery query) override;
    Async<Reverted> revert(std::string run, std::string by) override;
    Async<std::shared_ptr<const RunResult>> release(OrgNumber company, std::string by) override;
    std::vector<InstallationDetail> installations() const override;
    Async<std::vector<Probe>> test_installation(std::string id, std::optional<std::string> place) override;
    Async<Preparation> prepare_installation(std::string id, bool apply) override;

private:
    Result<CompanyStatus> place_of(const OrgNumber& company) const;
    Result<CompanyStatus> place_of(const CompanyRef& company) const;
    bool was_agreed(const CompanyStatus& place, const OrgNumber& company) const;
    Async<std::vector<sync::HistoryEntry>> history_of(std::optional<OrgNumber> company);
    std::string holder_of(const OrgNumber& company, const Result<CompanyStatus>& place) const;
    Async<sync::LocalCompanyPtr> read_place(const Sides& sides, const CompanyStatus& place) const;
    boost::asio::awaitable<std::string> sync_choices(std::vector<sync::HistoryChange> choices, std::string by,
                                                     Scope scope);
};

}  // namespace samsynk::agent
