#include "sync/plan.hpp"

#include <algorithm>

#include "sync/followers.hpp"
#include "sync/guard.hpp"

namespace samsynk::sync {
namespace {

Error claimed_elsewhere(const Standing& standing, const Claim& claim) {
    return fail(
        Errc::claim_held,
        N_("{name} is in {place} here, but is synced by installation {holder} on {host}. Stop it there, or take "
           "it over with: samsynk release"),
        {{"name", label(*standing.local)},
         {"place", standing.view->installation + ":" + standing.local->place},
         {"holder", claim.holder.empty() ? "?" : claim.holder},
         {"host", claim.holder_host.empty() ? "?" : claim.holder_host}});
}

// Why the online side may not be acted upon for this company; nothing where it may.
std::optional<Error> online_obstacle(const Standing& standing, const Memory& memory, const PlanOptions& options) {
    const LocalCompany& local = *standing.local;
    const auto view = memory.online.find(*local.company);
    if (view == memory.online.end() || view->second.gone)
        return fail(Errc::unknown_company,
                    N_("{name} ({number}) is not among the online account's companies. Add it in Byråstöd, or check "
                       "the number."),
                    {{"name", label(local)}, {"number", local.company->masked()}});
    if (view->second.problem) return *view->second.problem;
    if (options.assume_granted) return std::nullopt;
    const auto claims = memory.claims.find(standing.view->installation);
    if (claims != memory.claims.end()) {
        const auto status = claims->second.status(*local.company);
        if (status == ClaimStatus::granted) return std::nullopt;
        if (status == ClaimStatus::held) return claimed_elsewhere(standing, claims->second.refused.at(*local.company));
        if (status == ClaimStatus::released)
            return fail(Errc::claim_released,
                        N_("{name} was released and is let be. To take it up again: samsynk sync {number}"),
                        {{"name", label(local)}, {"number", local.company->masked()}});
    }
    return fail(Errc::unknown_company,
                N_("The online service did not grant {name} to this installation. It is asked again."),
                {{"name", label(local)}});
}

// A push of true is allowed only while the collaboration is in effect; a wish made earlier waits.
void respect_collaboration(Step& step, CollaborationState state) {
    if (step.action == Action::push && step.value == true && !in_effect(state)) step.action = Action::wait;
}

// Whether a person must be asked before this step, and what for.
std::optional<HoldKind> question(const Step& step, const CompanyPlan& plan, Preference preference, bool lost,
                                 const Memory& memory) {
    if (step.rule == Rule::agree) return std::nullopt;
    const auto doubt = memory.doubts.find({*plan.standing.local->company, preference});
    const bool doubted = doubt != memory.doubts.end() && doubt->second.online == step.online;
    // Where only what was agreed is lost, a choice that one side lacks still overwrites nothing.
    if (doubted && doubt->second.kind != HoldKind::base_lost) return doubt->second.kind;
    if (step.rule != Rule::first_contact) return std::nullopt;
    if (doubted) return doubt->second.kind;
    if (lost) return HoldKind::base_lost;
    if (step.action == Action::hold) return HoldKind::first_contact;
    return std::nullopt;
}

// What a person chose. An absent value can't win: absence is no choice.
void take(Step& step, Side side) {
    step.approved = true;
    const bool local = step.online ? side == Side::local && step.local.has_value() : true;
    step.action = local ? Action::push : Action::write_local;
    step.value = local ? step.local : step.online;
}

void ask(Step& step, CompanyPlan& plan, Preference preference, bool lost, const Memory& memory) {
    const auto kind = question(step, plan, preference, lost, memory);
    if (!kind) return;
    if (const auto side = approved(memory, *kind, plan.row(preference))) return take(step, *side);
    step.action = Action::hold;
    step.held = kind;
}

std::string at(const PlaceKey& key) { return key.installation + ":" + key.place; }

// The same for all of them, as there are many at once.
const Reason& mass_change_reason() {
    static const Reason reason =
        fail(Errc::mass_change,
             N_("So many choices would be overwritten at once that someone must say yes. See: samsynk held"));
    return reason;
}

Reason hold_reason(const CompanyPlan& plan, HoldKind kind) {
    if (kind == HoldKind::mass_change) return mass_change_reason();
    const std::string name = label(*plan.standing.local);
    switch (kind) {
        case HoldKind::first_contact:
            return fail(Errc::first_contact,
                        N_("{name}: the local and the online choice differ. Choose the same on both sides, or see: "
                           "samsynk held"),
                        {{"name", name}});
        case HoldKind::base_lost:
            return fail(Errc::base_lost,
                        N_("{name}: the local and the online choice differ, and what was last agreed is lost. Choose "
                           "the same on both sides, or see: samsynk held"),
                        {{"name", name}});
        case HoldKind::service_restored:
            return fail(Errc::service_restored,
                        N_("{name}: the online service was restored and shows another choice than before. Nothing was "
                           "changed. See: samsynk held"),
                        {{"name", name}});
        case HoldKind::unclear_write:
            return fail(Errc::unclear_write,
                        N_("{name}: a change that was sent long ago never got a clear answer, and the online choice is "
                           "another. See: samsynk held"),
                        {{"name", name}});
        case HoldKind::followed_choice:
            return fail(
                Errc::followed_choice,
                N_("{name}: another choice was made in {place}, which only follows {leader}. Choose in {leader}, "
                   "or see: samsynk held"),
                {{"name", name}, {"place", at(plan.key())}, {"leader", at(*plan.standing.local->follows)}});
        case HoldKind::identity_changed:
        case HoldKind::new_company:
        case HoldKind::mass_change:
            break;
    }
    return mass_change_reason();
}

Error wait_reason(const LocalCompany& local) {
    if (local.follows)
        return fail(
            Errc::waits_for_leader,
            N_("{name} follows {leader}, where a choice is not settled yet. It is written to {name} when it is."),
            {{"name", label(local)}, {"leader", at(*local.follows)}});
    return fail(Errc::collaboration_not_active,
                N_("{name}: the choice is kept and is sent when the collaboration has become active."),
                {{"name", label(local)}});
}

CompanyPlan set_aside(CompanyPlan plan, Error reason, Verdict verdict) {
    plan.reason = std::move(reason);
    plan.verdict = verdict;
    return plan;
}

}  // namespace

std::string label(const LocalCompany& local) { return local.name.empty() ? local.place : local.name; }

bool CompanyPlan::has(Action action) const {
    return std::any_of(steps.begin(), steps.end(), [&](const Step& step) { return step.action == action; });
}

bool CompanyPlan::answered() const {
    return std::any_of(steps.begin(), steps.end(), [](const Step& step) { return step.approved; });
}

HoldRow CompanyPlan::row(Preference preference) const {
    const Step& at = step(preference);
    return HoldRow{key(), *standing.local->company, preference, at.local, at.online};
}

bool is_aside(CompanyPlan& plan) {
    const Standing& standing = plan.standing;
    if (standing.local->ignored)
        plan.verdict = Verdict::ignored;
    else if (standing.set_aside)
        plan = set_aside(std::move(plan), *standing.set_aside, standing.needs_person ? Verdict::held : Verdict::failed);
    else
        return false;
    return true;
}

CompanyPlan plan_company(const Standing& standing, const Memory& memory, const PlanOptions& options) {
    CompanyPlan plan{.standing = standing, .reason = {}};
    if (is_aside(plan)) return plan;
    if (options.unsettled.contains(*standing.local->company)) {
        plan.standing.set_aside = options.why_unsettled;
        return set_aside(std::move(plan), *options.why_unsettled, Verdict::waiting);
    }
    if (auto obstacle = online_obstacle(standing, memory, options)) {
        const bool released = obstacle->code == Errc::claim_released;
        return set_aside(std::move(plan), std::move(*obstacle), released ? Verdict::ignored : Verdict::failed);
    }

    const OnlineView& online = memory.online.at(*standing.local->company);
    const bool lost = !standing.agreement && !standing.replaced && !standing.take && !standing.new_part &&
                      standing.local->notice.has_value();
    // Where nothing would show a lost base, each first contact might be one.
    const bool may_choose = standing.view->keeps_notices && !standing.new_part;
    const FirstContact untaken = may_choose ? options.first_contact : FirstContact::hold;
    const FirstContact policy = !standing.take                  ? untaken
                                : *standing.take == Side::local ? FirstContact::local
                                                                : FirstContact::online;
    plan.version = online.version;
    for (const Preference preference : all_preferences) {
        Step& step = plan.step(preference);
        step.base = standing.agreement ? standing.agreement->base[preference] : Choice{};
        step.local = standing.local->preferences[preference];
        step.online = online.preferences[preference];
        const Decision decision = decide(step.base, step.local, step.online, policy);
        step.rule = decision.rule;
        step.action = decision.action;
        step.value = decision.value;
        step.approved = standing.take.has_value();
        ask(step, plan, preference, lost, memory);
        respect_collaboration(step, online.state);
    }
    // An agreement that is written too early would make the next run, after a crash, take this for a first contact:
    // where the base is lost or another place's, and where a person has said who wins.
    const bool asked = std::any_of(plan.steps.begin(), plan.steps.end(), [&](const Step& step) {
        return ((lost || standing.new_part) && step.action == Action::hold) ||
               (step.approved && step.rule != Rule::agree);
    });
    plan.bind = !standing.agreement && !asked;
    judge(plan);
    return plan;
}

void judge(CompanyPlan& plan) {
    if (!plan.acting()) return;
    plan.verdict = Verdict::in_step;
    plan.reason.reset();
    if (plan.has(Action::hold)) {
        plan.verdict = Verdict::held;
        for (const Step& step : plan.steps)
            if (step.action == Action::hold && !plan.reason) plan.reason = hold_reason(plan, *step.held);
    } else if (plan.has(Action::wait)) {
        plan.verdict = Verdict::waiting;
        plan.reason = wait_reason(*plan.standing.local);
    } else if (plan.bind || plan.has(Action::push) || plan.has(Action::write_local) || plan.has(Action::rebase)) {
        plan.verdict = Verdict::act;
    }
}

std::vector<CompanyPlan> make_plan(const std::vector<Standing>& standings, const Memory& memory,
                                   const PlanOptions& options) {
    std::vector<CompanyPlan> plans;
    plans.reserve(standings.size());
    std::vector<std::size_t> leading;
    leading.reserve(standings.size());
    for (const Standing& standing : standings) {
        if (!standing.local->follows) leading.push_back(plans.size());
        plans.push_back(standing.local->follows ? CompanyPlan{.standing = standing, .reason = {}}
                                                : plan_company(standing, memory, options));
    }
    // What is held of those that lead is not written to those that follow.
    guard(plans, leading, memory, options);
    if (leading.size() == plans.size()) return plans;
    const auto followers = followers_in(plans);
    plan_followers(plans, followers, memory, Progress::planned);
    guard(plans, followers, memory, options);
    return plans;
}

}  // namespace samsynk::sync
