#include "control/metrics.hpp"

#include <algorithm>
#include <map>

#include "telemetry/metrics.hpp"

namespace samsynk::control {
namespace {

using agent::CompanyState;
using agent::FeedState;

double seconds_between(Time before, Time after) { return std::chrono::duration<double>(after - before).count(); }

void count_companies(const agent::Status& status, bool single, Time now, telemetry::Gauges& gauges) {
    std::map<CompanyState, std::uint64_t> by_state;
    for (const auto& company : *status.companies) {
        ++by_state[company.state];
        if (company.state == CompanyState::ignored) continue;
        const double age = seconds_between(company.last_success.value_or(status.started_at), now);
        gauges.oldest_company_success_age = std::max(gauges.oldest_company_success_age.value_or(age), age);
        if (single)
            gauges.company_ages.push_back({company.installation, company.place(),
                                           company.company() ? company.company()->masked() : std::string{}, age});
    }
    for (const auto state : agent::all_company_states) gauges.companies.emplace_back(name_of(state), by_state[state]);
}

void count_holds(const std::vector<sync::Hold>& holds, telemetry::Gauges& gauges) {
    std::map<sync::HoldKind, std::uint64_t> rows;
    for (const sync::Hold& hold : holds) rows[hold.kind] += hold.rows.size();
    for (const auto kind : sync::all_hold_kinds) gauges.holds.emplace_back(name_of(kind), rows[kind]);
}

void tell_of_sides(const agent::Status& status, telemetry::Gauges& gauges) {
    gauges.service_up = !status.service_trouble && status.last_completed;
    for (const auto& installation : status.installations)
        gauges.installations.emplace_back(installation.id, installation.trouble ? 0 : 1);
    gauges.feed = name_of(status.feed.state);
    for (const auto state : {FeedState::off, FeedState::waiting, FeedState::open, FeedState::polling})
        gauges.feeds.emplace_back(name_of(state));
}

void tell_of_work(const agent::Status& status, const agent::Backlog& backlog, telemetry::Gauges& gauges) {
    const auto& totals = status.totals;
    gauges.runs = {{"completed", totals.completed}, {"failed", totals.failed}, {"cancelled", totals.cancelled}};
    gauges.changes = {{"to_local", totals.to_local}, {"to_online", totals.to_online}};
    gauges.queued = backlog.operations;
    gauges.parked = backlog.parked;
    if (const auto& last = status.last_run)
        gauges.last_run_duration = seconds_between(last->started_at, last->finished_at);
}

void tell_of_sign_in(const agent::SignInStatus& sign_in, telemetry::Gauges& gauges) {
    gauges.sign_in_required = sign_in.state == "required";
    if (sign_in.left) gauges.sign_in_left = static_cast<double>(sign_in.left->count());
    if (sign_in.certificate_left) gauges.certificate_left = static_cast<double>(sign_in.certificate_left->count());
}

}  // namespace

Response metrics_response(const agent::Commands& agent, const std::string& accept, bool companies, Time now) {
    const auto status = agent.status();
    telemetry::Gauges gauges{.version = SAMSYNK_VERSION, .started_at = status->started_at};
    gauges.last_success_age = seconds_between(status->last_success.value_or(status->started_at), now);
    count_companies(*status, companies, now, gauges);
    count_holds(agent.held(), gauges);
    tell_of_sides(*status, gauges);
    tell_of_work(*status, agent.backlog(), gauges);
    const agent::RequestCounts requests = agent.request_counts();
    gauges.requests = {{"ok", requests.ok},
                       {"refused", requests.refused},
                       {"throttled", requests.throttled},
                       {"failed", requests.failed},
                       {"unreachable", requests.unreachable}};
    if (const auto sign_in = agent.sign_in()) tell_of_sign_in(sign_in->status(), gauges);
    const auto format = telemetry::metrics_format(accept);
    return Response{.status = 200,
                    .content_type = telemetry::content_type(format),
                    .body = telemetry::metrics_text(gauges, format)};
}

}  // namespace samsynk::control
