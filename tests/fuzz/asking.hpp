// Routes over an agent that needs no world: it knows one company, and fails in every way that an agent can.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>
#include <optional>

#include "control/routes.hpp"
#include "fuzz/fuzz.hpp"

namespace samsynk::fuzz {

/// What it does depends on what it is asked alone: a company's last digits, a hold's id.
class AnyAgent : public agent::Commands {
public:
    AnyAgent();
    std::shared_ptr<const agent::Status> status() const override { return status_; }
    bool has_room(const agent::SyncRequest& request) const override { return request.scope.companies.size() != 3; }
    std::string request_sync(agent::SyncRequest request) override;
    agent::Async<std::shared_ptr<const agent::RunResult>> result(std::string run) override;
    agent::Async<agent::CompanyDetail> company(agent::CompanyRef company) override;
    agent::Async<agent::CompanyDetail> set_preferences(agent::CompanyRef company, sync::Preferences choices,
                                                       std::string by) override;
    std::vector<sync::Hold> held() const override { return holds_; }
    agent::Async<std::shared_ptr<const agent::RunResult>> approve(std::string hold, std::optional<sync::Side> take,
                                                                  std::string by) override;
    agent::Async<agent::Explanation> explain(agent::CompanyRef company) override;
    agent::Async<std::vector<sync::HistoryEntry>> history(sync::HistoryQuery query) override;
    agent::Async<agent::Reverted> revert(std::string run, std::string by) override;
    agent::Async<std::shared_ptr<const agent::RunResult>> release(OrgNumber company, std::string by) override;
    std::vector<agent::InstallationDetail> installations() const override { return {}; }
    agent::Async<std::vector<agent::Probe>> test_installation(std::string, std::optional<std::string>) override {
        co_return std::vector<agent::Probe>{};
    }
    agent::Async<agent::Preparation> prepare_installation(std::string, bool) override {
        ++acted;
        co_return agent::Preparation{};
    }
    std::shared_ptr<agent::SignIn> sign_in() const override { return nullptr; }

    std::size_t acted = 0;  ///< how often it was asked to change something

private:
    Result<agent::CompanyDetail> detail(OrgNumber company) const;
    Result<agent::CompanyDetail> detail(const agent::CompanyRef& company) const;

    std::shared_ptr<const agent::Status> status_;
    std::vector<sync::Hold> holds_;
};

/// One answer, waited for.
control::Response ask(control::Routes& routes, control::Request request);

/// What must hold of every answer, whatever was asked.
void check_answer(const control::Response& response);

inline constexpr std::uint64_t last_event = 7;

}  // namespace samsynk::fuzz
