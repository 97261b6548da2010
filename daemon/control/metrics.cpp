#include "control/metrics.hpp"

#include <algorithm>
#include <map>

#include "telemetry/metrics.hpp"

namespace samsynk::control {
std::string metrics_text(const agent::Status& status, const agent::SignInStatus& sign_in, Time now) {
    const auto age = [now](Time since) { return std::chrono::duration<double>(now - since).count(); };
    std::map<agent::CompanyState, std::uint64_t> by_state;
    std::optional<Time> oldest;
    for (const auto& company : *status.companies) {
        ++by_state[company.state];
        if (company.state == agent::CompanyState::ignored) continue;
        const Time last = company.last_success.value_or(status.started_at);
        oldest = oldest ? std::min(*oldest, last) : last;
    }
    telemetry::Gauges gauges{.version = SAMSYNK_VERSION, .started_at = status.started_at};
    for (const auto state : {agent::CompanyState::synced, agent::CompanyState::waiting, agent::CompanyState::held,
                             agent::CompanyState::failed, agent::CompanyState::ignored, agent::CompanyState::pending})
        gauges.companies.emplace_back(name_of(state), by_state[state]);
    gauges.last_success_age = age(status.last_success.value_or(status.started_at));
    if (oldest) gauges.oldest_company_success_age = age(*oldest);
    gauges.sign_in_required = sign_in.state == "required";
    if (sign_in.left) gauges.sign_in_left = static_cast<double>(sign_in.left->count());
    if (sign_in.certificate_left) gauges.certificate_left = static_cast<double>(sign_in.certificate_left->count());
    return telemetry::metrics_text(gauges);
}

}  // namespace samsynk::control
