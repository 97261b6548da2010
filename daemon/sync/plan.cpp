#include "sync/plan.hpp"

#include <algorithm>

namespace samsynk::sync {
namespace {

std::string label(const LocalCompany& local) { return local.name.empty() ? local.place : local.name; }

// Why the online side may not be acted upon for this company; nothing where it may.
std::optional<Error> online_obstacle(const Standing& standing, const Memory& memory, const PlanOptions& options) {
    const LocalCompany& local = *standing.local;
    const auto view = memory.online.find(*local.company);
    if (view == memory.online.end() || view->second.gone)
        return fail(Errc::unknown_company,
                    N_("{name} ({number}) is not among the online account's companies. Add it in Byråstöd, or check "
                       "the number."),
                    {{"name", label(local)}, {"number", local.company->masked()}});
    if (view->second.problem)
        return fail(
            Errc::bad_record,
            N_("The online record of {name} has a value that this version of Samsynk does not know. Update Samsynk."),
            {{"name", label(local)}});
    if (options.assume_granted) return std::nullopt;
    const auto claims = memory.claims.find(standing.view->installation);
    if (claims != memory.claims.end()) {
        const auto status = claims->second.status(*local.company);
        if (status == ClaimStatus::granted) return std::nullopt;
        if (status == ClaimStatus::held) {
            const std::string& host = claims->second.refused.at(*local.company).holder_host;
            return fail(Errc::claim_held,
                        N_("{name} is synced by another installation, on {host}. Release it there first."),
                        {{"name", label(local)}, {"host", host.empty() ? "?" : host}});
        }
    }
    return fail(Errc::unknown_company,
                N_("The online service did not grant {name} to this installation. It is asked again."),
                {{"name", label(local)}});
}

// A push of true is allowed only while the collaboration is in effect; a wish made earlier waits.
void respect_collaboration(Step& step, CollaborationState state) {
    if (step.action == Action::push && step.value == true && !in_effect(state)) step.action = Action::wait;
}

// No agreement, but a mark that the agent was here: this is no first contact, so nobody's choice may win unasked.
void respect_lost_base(Step& step) {
    if (step.rule == Rule::first_contact) step.action = Action::hold;
}

Error hold_reason(const CompanyPlan& plan, bool lost) {
    const auto name = label(*plan.standing.local);
    if (lost)
        return fail(Errc::base_lost,
                    N_("{name}: the local and the online choice differ, and what was last agreed is lost. Choose the "
                       "same on both sides."),
                    {{"name", name}});
    return fail(Errc::first_contact,
                N_("{name}: the local and the online choice differ. Choose the same on both sides."), {{"name", name}});
}

void judge(CompanyPlan& plan, bool lost) {
    if (plan.has(Action::hold)) {
        plan.verdict = Verdict::held;
        plan.reason = hold_reason(plan, lost);
    } else if (plan.has(Action::wait)) {
        plan.verdict = Verdict::waiting;
        plan.reason = fail(Errc::collaboration_not_active,
                           N_("{name}: the choice is kept and is sent when the collaboration has become active."),
                           {{"name", label(*plan.standing.local)}});
    } else if (plan.bind || plan.has(Action::push) || plan.has(Action::write_local) || plan.has(Action::rebase)) {
        plan.verdict = Verdict::act;
    }
}

CompanyPlan set_aside(CompanyPlan plan, Error reason, Verdict verdict) {
    plan.reason = std::move(reason);
    plan.verdict = verdict;
    return plan;
}

}  // namespace

bool CompanyPlan::has(Action action) const {
    return std::any_of(steps.begin(), steps.end(), [&](const Step& step) { return step.action == action; });
}

CompanyPlan plan_company(const Standing& standing, const Memory& memory, const PlanOptions& options) {
    CompanyPlan plan{.standing = standing, .reason = {}};
    if (standing.local->ignored) {
        plan.verdict = Verdict::ignored;
        return plan;
    }
    if (standing.set_aside)
        return set_aside(std::move(plan), *standing.set_aside, standing.needs_person ? Verdict::held : Verdict::failed);
    if (auto obstacle = online_obstacle(standing, memory, options))
        return set_aside(std::move(plan), std::move(*obstacle), Verdict::failed);

    const OnlineView& online = memory.online.at(*standing.local->company);
    const bool lost = !standing.agreement && standing.local->notice.has_value();
    plan.version = online.version;
    for (const Preference preference : all_preferences) {
        Step& step = plan.step(preference);
        step.base = standing.agreement ? standing.agreement->base[preference] : Choice{};
        step.local = standing.local->preferences[preference];
        step.online = online.preferences[preference];
        const Decision decision = decide(step.base, step.local, step.online, options.first_contact);
        step.rule = decision.rule;
        step.action = decision.action;
        step.value = decision.value;
        if (lost) respect_lost_base(step);
        respect_collaboration(step, online.state);
    }
    // Where the base is lost, writing an agreement would make the next run take it for a first contact.
    plan.bind = !standing.agreement && !(lost && plan.has(Action::hold));
    judge(plan, lost);
    return plan;
}

std::vector<CompanyPlan> make_plan(const std::vector<Standing>& standings, const Memory& memory,
                                   const PlanOptions& options) {
    std::vector<CompanyPlan> plans;
    plans.reserve(standings.size());
    for (const Standing& standing : standings) plans.push_back(plan_company(standing, memory, options));
    return plans;
}

}  // namespace samsynk::sync
