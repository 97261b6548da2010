#include "control/metrics.hpp"

#include <algorithm>
#include <map>

namespace samsynk::control {
namespace {

std::string seconds(std::chrono::milliseconds time) {
    return std::to_string(static_cast<double>(time.count()) / 1000.0);
}

}  // namespace

std::string metrics_text(const agent::Status& status, Time now) {
    std::map<std::string, std::size_t> by_state;
    std::optional<Time> oldest;
    for (const auto state : {agent::CompanyState::synced, agent::CompanyState::waiting, agent::CompanyState::held,
                             agent::CompanyState::failed, agent::CompanyState::ignored, agent::CompanyState::pending})
        by_state[std::string{name_of(state)}] = 0;
    for (const auto& company : status.companies) {
        ++by_state[std::string{name_of(company.state)}];
        if (company.state == agent::CompanyState::ignored) continue;
        const Time last = company.last_success.value_or(status.started_at);
        oldest = oldest ? std::min(*oldest, last) : last;
    }
    std::string text = "# TYPE samsynk_build info\nsamsynk_build_info{version=\"" SAMSYNK_VERSION "\"} 1\n";
    text += "# TYPE samsynk_companies gauge\n";
    for (const auto& [state, count] : by_state)
        text += "samsynk_companies{state=\"" + state + "\"} " + std::to_string(count) + "\n";
    text += "# TYPE samsynk_last_success_age_seconds gauge\n# UNIT samsynk_last_success_age_seconds seconds\n";
    text += "samsynk_last_success_age_seconds " + seconds(now - status.last_success.value_or(status.started_at)) + "\n";
    text +=
        "# TYPE samsynk_oldest_company_success_age_seconds gauge\n# UNIT samsynk_oldest_company_success_age_seconds "
        "seconds\n";
    text += "samsynk_oldest_company_success_age_seconds " +
            seconds(oldest ? now - *oldest : std::chrono::milliseconds{0}) + "\n";
    text +=
        "# TYPE samsynk_service_up gauge\nsamsynk_service_up " + std::string{status.service_trouble ? "0" : "1"} + "\n";
    return text + "# EOF\n";
}

}  // namespace samsynk::control
