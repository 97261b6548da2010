// What people ask of the agent about its installations.
#include "agent/agent.hpp"
#include "agent/report.hpp"

namespace samsynk::agent {
namespace {

Error not_configured(const std::string& id) {
    return fail(Errc::not_found, N_("No installation is called {id}. See: samsynk installations"), {{"id", id}});
}

// Whose place it is, or why that can't be told.
Probe read_probe(const LocalSide& local, const std::string& place, const Result<sync::LocalCompanyPtr>& now) {
    const std::string where = local.name() + ":" + place;
    if (now.has_error()) return {.what = {N_("{place} is read."), {{"place", where}}}, .trouble = now.error()};
    const sync::LocalCompany& company = **now;
    if (!company.company) return {.what = {N_("{place} is read."), {{"place", where}}}, .trouble = company.trouble};
    return {.what = {N_("{place} is {name}, {number}, by {source}."),
                     {{"place", where},
                      {"name", company.name.empty() ? "?" : company.name},
                      {"number", company.company->masked()},
                      {"source", company.identity_source}}},
            .trouble = company.trouble};
}

}  // namespace

std::vector<InstallationDetail> Agent::installations() const {
    std::vector<InstallationDetail> all;
    for (const auto& local : sides_->locals) {
        InstallationDetail detail{.status = status_of(*local)};
        for (const InstallationStatus& known : status_->installations)
            if (known.id == detail.status.id) {
                detail.status.companies = known.companies;
                detail.status.trouble = known.trouble;
            }
        for (const CompanyStatus& company : *status_->companies) {
            if (company.installation != detail.status.id) continue;
            detail.synced += company.state == CompanyState::synced;
            detail.problems += company.state == CompanyState::held || company.state == CompanyState::failed;
        }
        all.push_back(std::move(detail));
    }
    return all;
}

Async<std::vector<Probe>> Agent::test_installation(std::string id, std::optional<std::string> place) {
    const std::shared_ptr<Sides> sides = sides_;
    LocalSide* local = side(*sides, id);
    if (!local) co_return not_configured(id);
    if (!place) co_return co_await local->test();
    const auto now = co_await local->read(*place);
    std::vector<Probe> probes{read_probe(*local, *place, now)};
    auto trail = co_await local->identity_trail(*place);
    if (now.has_value() && trail.has_value())
        for (Message& sentence : *trail) probes.push_back({.what = std::move(sentence), .trouble = {}});
    co_return probes;
}

Async<Preparation> Agent::prepare_installation(std::string id, bool apply) {
    const std::shared_ptr<Sides> sides = sides_;
    LocalSide* local = side(*sides, id);
    if (!local) co_return not_configured(id);
    auto prepared = co_await local->prepare(apply);
    if (prepared.has_value() && prepared->applied) {
        request_sync(SyncRequest{.trigger = Trigger::manual});
    }
    co_return prepared;
}

}  // namespace samsynk::agent
