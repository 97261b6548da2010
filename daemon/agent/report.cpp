#include "agent/report.hpp"

#include <algorithm>

#include "agent/apply.hpp"

namespace samsynk::agent {
namespace {

std::string in_words(sync::Choice choice) { return !choice ? "null" : *choice ? "true" : "false"; }

std::string label(const CompanyStatus& company) { return company.name().empty() ? company.place() : company.name(); }

CompanyState state_of(sync::Verdict verdict) {
    switch (verdict) {
        case sync::Verdict::in_step:
        case sync::Verdict::act:
            return CompanyState::synced;
        case sync::Verdict::waiting:
            return CompanyState::waiting;
        case sync::Verdict::held:
            return CompanyState::held;
        case sync::Verdict::failed:
            return CompanyState::failed;
        case sync::Verdict::ignored:
            return CompanyState::ignored;
    }
    return CompanyState::failed;
}

Event company_event(const CompanyStatus& company, const std::string& run) {
    Event event{.name = {},
                .level = Level::info,
                .message = {},
                .company = company.company(),
                .run = run,
                .fields = {},
                .code = {}};
    event.fields = {{"installation", company.installation}, {"place", company.place()}};
    if (company.reason) {
        event.message = company.reason->message;
        event.code = company.reason->code;
    }
    switch (company.state) {
        case CompanyState::waiting:
            event.name = "company.waiting";
            break;
        case CompanyState::held:
            event.name = "company.held";
            event.level = Level::warning;
            break;
        case CompanyState::failed:
            event.name = "company.failed";
            event.level = Level::warning;
            break;
        default:
            event.name = "company.recovered";
            event.message = {N_("{company} is synced again."), {{"company", label(company)}}};
    }
    return event;
}

bool troubled(const CompanyStatus& company) {
    const CompanyState state = company.state == CompanyState::offline ? company.before_offline : company.state;
    return state == CompanyState::waiting || state == CompanyState::held || state == CompanyState::failed;
}

std::vector<const CompanyStatus*> in_scope(const Inventory& companies, const Scope& scope) {
    std::vector<const CompanyStatus*> found;
    if (scope.all) {
        for (const CompanyStatus& company : companies) found.push_back(&company);
        return found;
    }
    const auto add = [&](const CompanyStatus* company) {
        if (company && std::find(found.begin(), found.end(), company) == found.end()) found.push_back(company);
    };
    for (const std::string& installation : scope.installations)
        for (const CompanyStatus* company : companies.of(installation)) found.push_back(company);
    for (const OrgNumber& number : scope.companies)
        for (const CompanyStatus* company : companies.with_number(number)) add(company);
    for (const sync::PlaceKey& key : scope.places) add(companies.find(key));
    return found;
}

}  // namespace

Change change_of(const sync::CompanyPlan& plan, sync::Preference preference) {
    const sync::Step& step = plan.step(preference);
    const bool pushed = step.action == sync::Action::push;
    return Change{.kind = pushed ? Change::Kind::to_online : Change::Kind::to_local,
                  .installation = plan.standing.view->installation,
                  .place = plan.standing.local->place,
                  .company = *plan.standing.local->company,
                  .name = plan.standing.local->name,
                  .preference = preference,
                  .from = pushed ? step.online : step.local,
                  .to = step.value};
}

Event event_of(const Change& change, const std::string& run) {
    Event event{.name = {},
                .level = Level::info,
                .message = {},
                .company = change.company,
                .run = run,
                .fields = {},
                .code = {}};
    event.fields = {{"installation", change.installation}, {"place", change.place}};
    const std::string name = change.name.empty() ? change.place : change.name;
    if (change.kind == Change::Kind::collaboration) {
        event.name = "collaboration.changed";
        event.message = {N_("{company}: the collaboration is {state}."),
                         {{"company", name}, {"state", std::string{name_of(change.collaboration)}}}};
        event.fields.emplace_back("state", name_of(change.collaboration));
        return event;
    }
    const bool pushed = change.kind == Change::Kind::to_online;
    event.name = pushed ? "preference.pushed" : "preference.applied";
    event.message = {
        pushed ? N_("{company}: {preference} = {to} was sent to the online service.")
               : N_("{company}: {preference} = {to} was written to the local program."),
        {{"company", name}, {"preference", std::string{name_of(*change.preference)}}, {"to", in_words(change.to)}}};
    event.fields.emplace_back("preference", name_of(*change.preference));
    event.fields.emplace_back("from", in_words(change.from));
    event.fields.emplace_back("to", in_words(change.to));
    return event;
}

InstallationStatus status_of(const LocalSide& local) {
    return {.id = local.name(),
            .connector = local.connector(),
            .program = local.program(),
            .location = local.location(),
            .companies = 0,
            .watching = local.watching(),
            .capabilities = local.capabilities(),
            .trouble = {}};
}

CompanyStatus pending_status(const std::string& installation, sync::LocalCompanyPtr local) {
    CompanyStatus status{.installation = installation, .found = std::move(local), .reason = {}};
    status.reason = status.found->trouble;
    if (status.reason) status.state = CompanyState::failed;
    if (status.found->ignored) status.state = CompanyState::ignored;
    return status;
}

CompanyStatus status_of(const sync::CompanyPlan& plan, const sync::Memory& memory, const Error* trouble) {
    CompanyStatus status = pending_status(plan.standing.view->installation, plan.standing.local);
    status.state = state_of(plan.verdict);
    status.reason = plan.reason;
    if (trouble) {
        status.state = trouble->code == Errc::collaboration_not_active ? CompanyState::waiting : CompanyState::failed;
        status.reason = *trouble;
    }
    if (const auto parked = memory.parked.find({status.installation, status.place()}); parked != memory.parked.end()) {
        status.last_success = parked->second.last_success;
        status.failures = parked->second.failures;
        if (parked->second.next_try != Time{}) status.next_try = parked->second.next_try;
    }
    if (!status.company()) return status;
    if (const auto online = memory.online.find(*status.company()); online != memory.online.end()) {
        status.online = online->second.preferences;
        if (online->second.problem && status.state == CompanyState::synced) {
            status.state = CompanyState::failed;
            status.reason = *online->second.problem;
        }
        status.collaboration = online->second.state;
    }
    const sync::Agreement* agreed = memory.agreements.find_for(status.installation, *status.found);
    if (agreed) status.agreed = agreed->base;
    return status;
}

std::vector<Change> planned_changes(const std::vector<sync::CompanyPlan>& plans, const sync::Memory& memory) {
    std::vector<Change> changes;
    for (const sync::CompanyPlan& plan : plans) {
        if (!plan.acting()) continue;
        for (const auto preference : sync::all_preferences) {
            const auto action = plan.step(preference).action;
            if (action == sync::Action::push || action == sync::Action::write_local)
                changes.push_back(change_of(plan, preference));
        }
        const auto online = memory.online.find(*plan.standing.local->company);
        if (!plan.standing.view->keeps_notices) continue;
        const auto& known = plan.standing.local->notice;
        if (online == memory.online.end() || online->second.notice == known) continue;
        if (known && sync::only_effect_differs(*known, online->second.notice)) continue;
        Change told = change_of(plan, sync::Preference::send_all_invoices);
        told.kind = Change::Kind::collaboration;
        told.preference.reset();
        told.from = told.to = std::nullopt;
        told.collaboration = online->second.state;
        changes.push_back(std::move(told));
    }
    return changes;
}

void summarize(RunResult& result, const Inventory& companies, const Scope& scope) {
    for (const CompanyStatus* company : in_scope(companies, scope)) {
        ++result.companies;
        result.synced += company->state == CompanyState::synced;
        result.waiting += company->state == CompanyState::waiting;
        result.held += company->state == CompanyState::held;
        result.failed += company->state == CompanyState::failed;
        result.ignored += company->state == CompanyState::ignored;
        result.pending += company->state == CompanyState::pending;
        result.offline_companies += company->state == CompanyState::offline;
        if (company->state != CompanyState::offline && troubled(*company) &&
            result.problems.size() < RunResult::max_listed)
            result.problems.push_back(*company);
    }
}

void publish_transitions(EventSink& events, const std::string& run, const Inventory& before,
                         const std::vector<const CompanyStatus*>& looked_at) {
    std::string_view installation;
    std::optional<Inventory::Lookup> known;
    for (const CompanyStatus* company : looked_at) {
        if (!known || installation != company->installation) known.emplace(before, company->installation);
        installation = company->installation;
        const CompanyStatus* old = known->find(company->place());
        if (company->state == CompanyState::offline) continue;  // the installation's own line tells of it
        if (old && !troubled(*old)) old = nullptr;
        if (!troubled(*company)) {
            if (old && company->state == CompanyState::synced) events.publish(company_event(*company, run));
            continue;
        }
        if (!old || old->state != company->state || old->reason != company->reason)
            events.publish(company_event(*company, run));
    }
}

Event event_of(const RunResult& result) {
    const bool nothing = result.trigger == Trigger::change && result.changed == 0;
    Event event{.name = "run.completed",
                .level = nothing ? Level::debug : Level::info,
                .message = {},
                .company = {},
                .run = result.run,
                .fields = {},
                .code = {}};
    event.fields = {{"trigger", std::string{name_of(result.trigger)}},
                    {"companies", std::to_string(result.companies)},
                    {"changed", std::to_string(result.changed)},
                    {"failed", std::to_string(result.failed)},
                    {"held", std::to_string(result.held)},
                    {"waiting", std::to_string(result.waiting)},
                    {"offline", std::to_string(result.offline_companies)},
                    {"requests", std::to_string(result.requests)}};
    event.message = {N_("{companies} companies looked at, {changed} changes, {failed} failed, {held} held."),
                     event.fields};
    if (result.offline_companies > 0) {
        auto args = event.fields;
        args.emplace_back("looked_at", std::to_string(result.companies - result.offline_companies));
        event.message = {
            N_("{looked_at} of {companies} companies looked at, {changed} changes, {failed} failed, {held} "
               "held. {offline} are in installations that can't be reached."),
            std::move(args)};
    }
    if (result.error) {
        event.name = result.outcome == Outcome::cancelled ? "run.cancelled" : "run.failed";
        event.level = result.outcome == Outcome::cancelled ? Level::notice : Level::error;
        event.message = result.error->message;
        event.code = result.error->code;
        if (!result.error->detail.empty()) event.fields.emplace_back("detail", result.error->detail);
        if (is_of_service(result.error->code)) event.fields.emplace_back("side", "online");
    }
    return event;
}

}  // namespace samsynk::agent
