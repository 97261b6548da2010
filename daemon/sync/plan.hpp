// The plan of a run: for each company what is to be done, what waits, what is held, and why. A value.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sync/decide.hpp"
#include "sync/identity.hpp"

namespace samsynk::sync {

struct Step {
    Rule rule = Rule::agree;
    Action action = Action::none;
    Choice base, local, online;
    Choice value;
    std::optional<HoldKind> held;  ///< with Action::hold: what for
    bool approved = false;         ///< a person said so: does not count as a mass change

    /// Whether a present value would be lost.
    bool overwrites() const {
        return (action == Action::write_local && local.has_value()) || (action == Action::push && online.has_value());
    }
    bool operator==(const Step&) const = default;
};

enum class Verdict {
    in_step,  ///< nothing to do
    act,      ///< there are steps
    waiting,  ///< a wish waits for the collaboration (there may be steps beside it)
    held,     ///< a person must decide (there may be steps beside it)
    failed,   ///< set aside with a reason
    ignored,
};

struct CompanyPlan {
    Standing standing;
    Verdict verdict = Verdict::in_step;
    Reason reason;  ///< with waiting, held and failed
    std::array<Step, all_preferences.size()> steps{};
    std::int64_t version = 0;  ///< of the online record that was planned on
    bool bind = false;         ///< the agreement of this place must be written, if only to say whose it is

    bool acting() const { return verdict != Verdict::failed && verdict != Verdict::ignored && !standing.set_aside; }
    Step& step(Preference preference) { return steps[static_cast<std::size_t>(preference)]; }
    const Step& step(Preference preference) const { return steps[static_cast<std::size_t>(preference)]; }
    bool has(Action action) const;
    bool answered() const;  ///< a step is what a person said
    PlaceKey key() const { return {standing.view->installation, standing.local->place}; }
    /// What a person would be asked about this preference.
    HoldRow row(Preference preference) const;
};

struct PlanOptions {
    FirstContact first_contact = FirstContact::online;
    bool assume_granted = false;  ///< plan for claims that were not asked for (dry run)
    double mass_change_limit = 0.2;
    Time now{};
    /// What was sent for them has no clear answer, and can't be sent again now: they wait, with that reason.
    std::set<OrgNumber> unsettled;
    Reason why_unsettled;
};

/// Plans one company by itself; see guard.hpp for what is looked at together. Pure; never a value that neither side
/// held.
CompanyPlan plan_company(const Standing& standing, const Memory& memory, const PlanOptions& options);

/// Gives a plan whose place is to be left alone its verdict and reason. False: the place may be acted for.
bool is_aside(CompanyPlan& plan);

/// Sets the verdict and the reason by the steps as they stand.
void judge(CompanyPlan& plan);

std::string label(const LocalCompany& local);  ///< its name, or else its place: for people

/// Plans all, in the order given, and guards them.
std::vector<CompanyPlan> make_plan(const std::vector<Standing>& standings, const Memory& memory,
                                   const PlanOptions& options);

}  // namespace samsynk::sync
