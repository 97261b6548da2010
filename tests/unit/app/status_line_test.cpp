// The line that `systemctl status` shows.
#include <gtest/gtest.h>

#include "app/systemd.hpp"

namespace samsynk::app {
namespace {

agent::Status some(std::vector<agent::CompanyState> states) {
    agent::Status status;
    std::vector<agent::CompanyStatus> companies;
    for (std::size_t n = 0; n < states.size(); ++n) {
        auto found = std::make_shared<sync::LocalCompany>();
        found->place = "place-" + std::to_string(n);
        agent::CompanyStatus company;
        company.installation = "main";
        company.found = std::move(found);
        company.state = states[n];
        companies.push_back(std::move(company));
    }
    status.companies = std::make_shared<const agent::Inventory>(std::move(companies));
    status.last_run = std::make_shared<const agent::RunResult>();
    return status;
}

using agent::CompanyState;

TEST(StatusLine, AllIsWell) {
    EXPECT_EQ(status_line(some({CompanyState::synced, CompanyState::synced}), "ok"), "2 companies: 2 in sync.");
}

TEST(StatusLine, NamesWhatNeedsAttention) {
    EXPECT_EQ(
        status_line(some({CompanyState::synced, CompanyState::waiting, CompanyState::held, CompanyState::failed}), ""),
        "4 companies: 1 in sync, 1 waiting, 2 need attention (samsynk companies).");
}

TEST(StatusLine, BeforeTheFirstRun) {
    agent::Status status = some({});
    status.last_run.reset();
    EXPECT_EQ(status_line(status, "unknown"), "The first run is under way.");
}

TEST(StatusLine, WhatStopsEverythingComesFirst) {
    agent::Status status = some({CompanyState::synced});
    status.last_success = Time{std::chrono::milliseconds{1793606400000}};
    status.service_trouble = fail(Errc::service_unreachable, N_("Nobody answers."));
    EXPECT_TRUE(status_line(status, "ok").starts_with("Nobody answers. Last success 2026-11-0"))
        << status_line(status, "ok");
    EXPECT_TRUE(status_line(status, "required").starts_with("A person must sign in: samsynk login."));
}

TEST(StatusLine, TellsOfAnInstallationThatIsAway) {
    agent::Status status = some({CompanyState::synced});
    status.installations.push_back({.id = "main"});
    status.installations.back().trouble = fail(Errc::installation_offline, N_("The share is gone."));
    EXPECT_EQ(status_line(status, "ok"), "1 companies: 1 in sync. The share is gone.");
}

}  // namespace
}  // namespace samsynk::app
