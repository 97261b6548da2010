#include "installations/exec/bridge_trial.hpp"

#include <algorithm>

#include "installations/first_trouble.hpp"

namespace samsynk::installations {
namespace {

// A choice that some company may really have made, the other way round.
std::vector<BridgeRequest> turned(const sync::LocalCompany& company) {
    std::vector<BridgeRequest> requests;
    for (const auto preference : sync::all_preferences) {
        const sync::Choice from = company.preferences[preference];
        const agent::PreferenceWrite write{company.place, *company.company, preference, from, !from.value_or(false)};
        requests.push_back(
            {Asked::write, write.place, [write](std::uint64_t id) { return write_request(id, write, true); }});
    }
    return requests;
}

}  // namespace

boost::asio::awaitable<std::vector<agent::Probe>> test_bridge(std::shared_ptr<Bridge> bridge, std::string path) {
    std::vector<agent::Probe> probes;
    const auto ready = co_await bridge->ready();
    probes.push_back({{N_("{path} runs and answers."), {{"path", path}}}, {}});
    if (ready.has_error()) {
        probes.back().trouble = ready.error();
        co_return probes;
    }
    BridgeRequest list{Asked::list, {}, list_request};
    auto found = co_await bridge->ask(std::move(list));
    if (found.has_error()) {
        probes.push_back({{N_("The companies can be read."), {}}, found.error()});
        co_return probes;
    }
    const auto& companies = found->companies;
    probes.push_back(
        {{N_("{count} companies were found and can be read."), {{"count", std::to_string(companies.size())}}},
         first_trouble(companies)});
    const auto good = std::find_if(companies.begin(), companies.end(),
                                   [](const auto& company) { return !company->trouble && !company->ignored; });
    const BridgeSkills& can = bridge->hello().can;
    if (good == companies.end() || !can.dry_run || !can.write_preferences) co_return probes;
    auto requests = turned(**good);
    const auto results = co_await bridge->ask_all(std::move(requests));
    agent::Probe written{
        {N_("Preferences can be written (tried with {place}, without a change)."), {{"place", (*good)->place}}}, {}};
    for (const auto& result : results)
        if (result.has_error() && !written.trouble) written.trouble = result.error();
    probes.push_back(std::move(written));
    co_return probes;
}

}  // namespace samsynk::installations
