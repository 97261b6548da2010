#include "control/to_json.hpp"

#include <map>

#include "control/json_words.hpp"
#include "core/plain_text.hpp"

namespace samsynk::control {
namespace {

namespace json = boost::json;

json::object change(const agent::Change& change) {
    using Kind = agent::Change::Kind;
    const char* kind = change.kind == Kind::to_local    ? "to_local"
                       : change.kind == Kind::to_online ? "to_online"
                                                        : "collaboration";
    return {{"kind", kind},
            {"installation", change.installation},
            {"place", change.place},
            {"company", change.company.digits()},
            {"name", change.name},
            {"preference", change.preference ? text(name_of(*change.preference)) : json::value(nullptr)},
            {"from", choice(change.from)},
            {"to", choice(change.to)},
            {"collaboration",
             change.kind == Kind::collaboration ? text(name_of(change.collaboration)) : json::value(nullptr)}};
}

json::array installations(const std::vector<agent::InstallationStatus>& all) {
    json::array list;
    for (const auto& one : all)
        list.push_back({{"id", one.id},
                        {"connector", one.connector},
                        {"program", one.program},
                        {"location", one.location},
                        {"companies", one.companies},
                        {"watching", text(name_of(one.watching))},
                        {"reason", to_json(one.trouble)}});
    return list;
}

json::object record_json(const sync::Record& record) {
    const sync::Collaboration& c = record.collaboration;
    json::value collaboration = nullptr;
    if (c.state != sync::CollaborationState::none)
        collaboration = {{"id", c.id},
                         {"state", text(name_of(c.state))},
                         {"awaiting", text_or_null(name_of(c.awaiting))},
                         {"office", {{"company", c.office_company}, {"name", c.office_name}}},
                         {"assignment", {{"id", c.assignment_id}, {"name", c.assignment_name}}},
                         {"invoice_recipient", text_or_null(name_of(c.invoice_recipient))},
                         {"payee", text_or_null(name_of(c.payee))},
                         {"invited_at", text_or_null(c.invited_at)},
                         {"approved_at", text_or_null(c.approved_at)},
                         {"ends_on", text_or_null(c.ends_on)},
                         {"ended_at", text_or_null(c.ended_at)}};
    return {{"company", record.company.digits()},
            {"name", record.name},
            {"version", record.version},
            {"updated_at", record.updated_at},
            {"function", record.function_active ? "active" : "inactive"},
            {"collaboration", std::move(collaboration)},
            {"preferences",
             {{"send_all_invoices", choice(record.preferences.send_all_invoices)},
              {"receive_invoices", choice(record.preferences.receive_invoices)}}},
            {"registration",
             {{"receive", text(name_of(record.receiving))}, {"operator", text_or_null(record.registration_operator)}}}};
}

json::object can(const agent::Capabilities& can) {
    return {{"read_preferences", can.read_preferences},
            {"write_preferences", can.write_preferences},
            {"write_collaboration", can.write_collaboration},
            {"watch", can.watch}};
}

}  // namespace

json::object to_json(const std::vector<agent::InstallationDetail>& all) {
    json::array list;
    for (const auto& one : all) {
        json::object object = installations({one.status}).front().as_object();
        object["can"] = can(one.status.capabilities);
        object["synced"] = one.synced;
        object["problems"] = one.problems;
        list.push_back(std::move(object));
    }
    return {{"installations", std::move(list)}};
}

json::object to_json(const std::vector<agent::Probe>& probes) {
    json::array list;
    bool well = true;
    for (const agent::Probe& probe : probes) {
        json::object object;
        add_message(object, probe.what);
        object["reason"] = to_json(probe.trouble);
        well = well && !probe.trouble;
        list.push_back(std::move(object));
    }
    return {{"well", well}, {"tried", std::move(list)}};
}

json::object to_json(const std::vector<Finding>& findings) {
    json::array list;
    for (const Finding& finding : findings) {
        json::object object{{"area", finding.area},
                            {"severity", text(name_of(finding.severity))},
                            {"subject", text_or_null(finding.subject)}};
        add_message(object, finding.what);
        json::object advice;
        if (!finding.advice.id.empty()) add_message(advice, finding.advice);
        object["advice"] = finding.advice.id.empty() ? json::value(nullptr) : json::value(std::move(advice));
        list.push_back(std::move(object));
    }
    return {{"worst", text(name_of(worst_of(findings)))}, {"findings", std::move(list)}};
}

std::string to_text(const json::value& value) { return valid_utf8(json::serialize(value)); }

json::value to_json(const Reason& reason) {
    if (!reason) return nullptr;
    json::object object{{"code", text(name_of(reason->code))}};
    add_message(object, reason->message);
    return object;
}

json::object to_json(const agent::CompanyStatus& company) {
    const auto& follows = company.found->follows;
    json::object preferences;
    for (const auto preference : sync::all_preferences)
        preferences[json::string_view{name_of(preference).data(), name_of(preference).size()}] = {
            {"agreed", choice(company.agreed[preference])},
            {"local", choice(company.local()[preference])},
            {"online", choice(company.online[preference])}};
    return {{"company", company.company() ? text(company.company()->digits()) : json::value(nullptr)},
            {"name", company.name()},
            {"installation", company.installation},
            {"place", company.place()},
            {"follows", follows ? json::value(follows->installation + ":" + follows->place) : json::value(nullptr)},
            {"state", text(name_of(company.state))},
            {"reason", to_json(company.reason)},
            {"collaboration", text(name_of(company.collaboration))},
            {"preferences", std::move(preferences)},
            {"last_success_at", time(company.last_success)},
            {"failures", company.failures},
            {"next_try_at", time(company.next_try)}};
}

json::array to_json(const std::vector<sync::Hold>& holds, const agent::Inventory& companies) {
    std::map<std::pair<std::string_view, std::string_view>, std::string_view> names;
    if (!holds.empty())
        for (const auto& company : companies)
            names.emplace(std::pair{std::string_view{company.installation}, std::string_view{company.place()}},
                          company.name());
    json::array list;
    for (const sync::Hold& hold : holds) {
        json::array rows;
        for (const sync::HoldRow& row : hold.rows) {
            if (rows.size() == agent::RunResult::max_listed) break;
            rows.push_back({{"company", row.company.digits()},
                            {"name", text(names[{row.key.installation, row.key.place}])},
                            {"place", row.key.place},
                            {"preference", row.preference ? text(name_of(*row.preference)) : json::value(nullptr)},
                            {"local", choice(row.local)},
                            {"online", choice(row.online)}});
        }
        list.push_back({{"id", hold.id},
                        {"kind", text(name_of(hold.kind))},
                        {"installation", hold.installation},
                        {"planned", hold.planned ? text(name_of(*hold.planned)) : json::value(nullptr)},
                        {"since", to_rfc3339(hold.since)},
                        {"count", hold.rows.size()},
                        {"rows", std::move(rows)}});
    }
    return list;
}

json::object to_json(const agent::CompanyDetail& detail) {
    json::object object = to_json(detail.status);
    object["online"] = detail.record ? json::value(record_json(*detail.record)) : json::value(nullptr);
    json::array others;
    for (const auto& other : detail.other_places) others.push_back(to_json(other));
    object["other_places"] = std::move(others);
    return object;
}

json::object to_json(const agent::RunResult& run) {
    json::array changes, problems;
    for (const auto& one : run.changes) changes.push_back(change(one));
    for (const auto& one : run.problems) problems.push_back(to_json(one));
    return {{"run", run.run},
            {"trigger", text(name_of(run.trigger))},
            {"by", text_or_null(run.by)},
            {"dry_run", run.dry_run},
            {"outcome", text(name_of(run.outcome))},
            {"started_at", to_rfc3339(run.started_at)},
            {"finished_at", to_rfc3339(run.finished_at)},
            {"counts",
             {{"companies", run.companies},
              {"synced", run.synced},
              {"waiting", run.waiting},
              {"held", run.held},
              {"failed", run.failed},
              {"ignored", run.ignored},
              {"pending", run.pending},
              {"offline", run.offline_companies},
              {"changed", run.changed}}},
            {"changes", std::move(changes)},
            {"problems", std::move(problems)},
            {"offline", installations(run.offline)},
            {"error", to_json(run.error)},
            {"requests", run.requests}};
}

json::object to_json(const agent::Status& status, const std::string& service_url) {
    std::array<std::size_t, agent::all_company_states.size()> counts{};
    std::optional<Time> oldest;
    for (const auto& company : *status.companies) {
        ++counts[static_cast<std::size_t>(company.state)];
        if (company.state == agent::CompanyState::ignored) continue;
        const Time last = company.last_success.value_or(status.started_at);
        oldest = oldest ? std::min(*oldest, last) : last;
    }
    json::object by_state{{"companies", status.companies->size()}};
    for (const auto state : agent::all_company_states)
        by_state[json::string_view{name_of(state).data(), name_of(state).size()}] =
            counts[static_cast<std::size_t>(state)];
    const char* service = status.service_trouble ? "failing" : status.last_completed ? "ok" : "unknown";
    return {{"version", SAMSYNK_VERSION},
            {"started_at", to_rfc3339(status.started_at)},
            {"service", {{"url", service_url}, {"state", service}, {"reason", to_json(status.service_trouble)}}},
            {"feed",
             {{"state", text(name_of(status.feed.state))},
              {"since", status.feed.state == agent::FeedState::off ? json::value(nullptr)
                                                                   : json::value(to_rfc3339(status.feed.since))},
              {"reason", to_json(status.feed.reason)}}},
            {"running", text_or_null(status.running)},
            {"phase", status.phase},
            {"next_run_at", time(status.next_run)},
            {"last_completed_at", time(status.last_completed)},
            {"last_success_at", time(status.last_success)},
            {"oldest_success_at", time(oldest)},
            {"last_run", status.last_run ? json::value(to_json(*status.last_run)) : json::value(nullptr)},
            {"counts", std::move(by_state)},
            {"installations", installations(status.installations)}};
}

json::object to_json(const Event& event) {
    json::object object{{"event", event.name},
                        {"sequence", event.sequence},
                        {"life", event.life},
                        {"at", to_rfc3339(event.at)},
                        {"level", text(name_of(event.level))}};
    add_message(object, event.message);
    object["company"] = event.company ? text(event.company->digits()) : json::value(nullptr);
    object["run"] = text_or_null(event.run);
    json::object fields;
    for (const auto& [name, value] : event.fields) fields[name] = value;
    object["fields"] = std::move(fields);
    return object;
}

}  // namespace samsynk::control
