#include "sync/followers.hpp"

#include <algorithm>
#include <map>

#include "sync/guard.hpp"

namespace samsynk::sync {
namespace {

std::optional<Choice> settled_value(const CompanyPlan& leading, Preference preference, const Memory& memory,
                                    Progress progress) {
    if (progress == Progress::planned) {
        const Step& step = leading.step(preference);
        if (step.action == Action::hold || step.action == Action::wait) return std::nullopt;
        return step.rule == Rule::agree ? step.local : step.value;
    }
    const auto online = memory.online.find(*leading.standing.local->company);
    const Choice local = leading.standing.local->preferences[preference];
    if (online == memory.online.end() || online->second.preferences[preference] != local) return std::nullopt;
    return local;
}

HoldKind kind_of(const Standing& standing) {
    if (standing.agreement) return HoldKind::followed_choice;
    const bool lost = !standing.new_part && !standing.replaced && standing.local->notice.has_value();
    return lost ? HoldKind::base_lost : HoldKind::first_contact;
}

// A push may have told that another installation has the company by now.
bool is_granted(const CompanyPlan& leading, const Memory& memory) {
    const auto claims = memory.claims.find(leading.standing.view->installation);
    return claims != memory.claims.end() && claims->second.granted.contains(*leading.standing.local->company);
}

// Only what was settled is written; a choice of its own, or one that differs from the first, is asked about.
void decide_step(Step& step, CompanyPlan& plan, Preference preference, const Memory& memory) {
    const Decision decision = decide(step.base, step.local, step.online, FirstContact::hold);
    step.rule = decision.rule;
    step.action = decision.action;
    step.value = decision.value;
    if (step.action != Action::push && step.action != Action::hold) return;
    step.held = kind_of(plan.standing);
    step.action = Action::hold;
    step.value.reset();
    // A yes to the follower's own choice is one at the leader.
    if (!step.online || approved(memory, *step.held, plan.row(preference)) != Side::online) return;
    step.approved = true;
    step.action = Action::write_local;
    step.value = step.online;
    step.held.reset();
}

bool rests_by_itself(const CompanyPlan& plan) { return plan.verdict == Verdict::failed && !plan.standing.set_aside; }

}  // namespace

Lead lead_of(const CompanyPlan* leading, const LocalCompany& follower, const Memory& memory, Progress progress) {
    Lead lead;
    const bool lost = leading && leading->acting() && progress == Progress::done && !is_granted(*leading, memory);
    if (!leading || !leading->acting() || lost) {
        lead.obstacle = fail(
            Errc::waits_for_leader,
            N_("{name} follows {leader}, which can't be synced now. Nothing is written to {name} until it can."),
            {{"name", label(follower)}, {"leader", follower.follows->installation + ":" + follower.follows->place}});
        return lead;
    }
    for (const Preference preference : all_preferences)
        lead.settled[static_cast<std::size_t>(preference)] = settled_value(*leading, preference, memory, progress);
    return lead;
}

CompanyPlan plan_follower(const Standing& standing, const Lead& lead, const Memory& memory) {
    CompanyPlan plan{.standing = standing, .reason = {}};
    if (is_aside(plan)) return plan;
    if (lead.obstacle) {
        plan.standing.set_aside = plan.reason = lead.obstacle;
        plan.verdict = Verdict::waiting;
        return plan;
    }
    if (const auto online = memory.online.find(*standing.local->company); online != memory.online.end())
        plan.version = online->second.version;
    for (const Preference preference : all_preferences) {
        Step& step = plan.step(preference);
        step.base = standing.agreement ? standing.agreement->base[preference] : Choice{};
        step.local = standing.local->preferences[preference];
        const auto& settled = lead.settled[static_cast<std::size_t>(preference)];
        if (settled) {
            step.online = *settled;
            decide_step(step, plan, preference, memory);
        } else {
            step.action = Action::wait;
        }
    }
    plan.bind = !standing.agreement && std::none_of(plan.steps.begin(), plan.steps.end(), [](const Step& step) {
        return step.action == Action::hold || step.action == Action::wait || step.approved;
    });
    judge(plan);
    return plan;
}

std::vector<std::size_t> followers_in(const std::vector<CompanyPlan>& plans) {
    std::vector<std::size_t> followers;
    for (std::size_t i = 0; i < plans.size(); ++i)
        if (plans[i].standing.local->follows) followers.push_back(i);
    return followers;
}

void plan_followers(std::vector<CompanyPlan>& plans, const std::vector<std::size_t>& followers, const Memory& memory,
                    Progress progress) {
    if (followers.empty()) return;
    std::map<PlaceKey, const CompanyPlan*> leading;
    for (const std::size_t index : followers) leading.emplace(*plans[index].standing.local->follows, nullptr);
    for (const CompanyPlan& plan : plans) {
        const auto at = leading.find(plan.key());
        if (at != leading.end() && !plan.standing.local->ignored && !plan.standing.local->follows) at->second = &plan;
    }
    for (const std::size_t index : followers) {
        CompanyPlan& plan = plans[index];
        if (rests_by_itself(plan)) continue;
        // It rested for its leader, which may stand otherwise by now.
        if (plan.standing.set_aside && plan.standing.set_aside->code == Errc::waits_for_leader)
            plan.standing.set_aside.reset();
        const CompanyPlan* lead = leading.at(*plan.standing.local->follows);
        if (lead && lead->standing.local->company != plan.standing.local->company) lead = nullptr;
        plan = plan_follower(plan.standing, lead_of(lead, *plan.standing.local, memory, progress), memory);
    }
}

}  // namespace samsynk::sync
