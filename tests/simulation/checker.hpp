// An independent model of what must always hold: it sees what people and agents do, knows nothing of plans, and says
// what was broken. Written apart from the planner on purpose.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "agent/status.hpp"
#include "support/fake_service.hpp"

namespace samsynk::simulation {

inline std::string word(sync::Choice value) { return !value ? "absent" : *value ? "true" : "false"; }

/// One preference of one company at one place, seen from outside.
struct Thread {
    sync::PlaceKey at;
    OrgNumber company;
    sync::Preference preference{};
    auto operator<=>(const Thread&) const = default;
};

/// What the checker must know of an installation at the moment that its agent acts.
struct Installation {
    std::string name;
    std::size_t size = 0;  ///< companies that count for the guard
    Time now{};            ///< by its machine's own clock
    double limit = 0.2;
    bool asks_first =
        false;             ///< its policy for a first contact is `hold`; or the place only follows, or is a new leader
    bool follows = false;  ///< the place that is acted for
};

/// A thread as it stands on both sides and on the agent's disk.
struct Standing {
    sync::Choice local, online, agreed;
    bool has_base = true;       ///< an agreement of this company stands on disk for the place
    bool may_send = false;      ///< the collaboration is in effect
    bool shared = false;        ///< the number stands at several places
    bool claimed = true;        ///< the service lets this installation act, and has for an hour
    bool known = true;          ///< the account has the company, and its record can be understood
    bool renumbered = false;    ///< the place showed another number before
    bool led = false;           ///< the configuration says which place of the company leads
    bool follows = false;       ///< and this one does not
    bool contradicted = false;  ///< the configuration names the place for another company
    bool leader_open = false;   ///< with `follows`: the one that leads is not synced itself
};

class Checker {
public:
    // What people do, told before it is done.
    void appears(const sync::PlaceKey& at, const OrgNumber& company, const sync::Preferences& local,
                 const sync::Preferences& online);
    void leaves(const sync::PlaceKey& at, const OrgNumber& company);
    void chooses_locally(const Thread& thread, sync::Choice before, sync::Choice after);
    void chooses_online(const OrgNumber& company, sync::Preference preference, sync::Choice before, sync::Choice after);
    void service_was_restored(const std::map<OrgNumber, sync::Record>& after);
    void state_was_lost(const std::string& installation);
    void person_approves(const sync::Hold& hold);
    void claim_moves(const OrgNumber& company) { last_writer_.erase(company); }
    void time_jumped_far() { far_ = true; }
    /// A run that began before its clock was turned may look back less far by as much.
    void clock_was_turned(std::chrono::milliseconds by) { turned_ += std::chrono::abs(by); }
    void policy_may_hold() { may_hold_first_contact_ = true; }
    /// How both sides stand after someone acted: where they are equal an agent may take that for agreed.
    void observe(const Thread& thread, sync::Choice local, sync::Choice online);

    // What an agent does, told before it takes effect. `base`: what its disk says was agreed.
    void agent_writes(const Installation& installation, const agent::PreferenceWrite& write,
                      const sync::LocalCompany& before, sync::Choice base);
    /// `from`: the places of the installation that it may stand for.
    void agent_pushes(const Installation& installation, const sync::Operation& operation, const sync::Record& before,
                      const sync::Preferences& base, const std::set<std::string>& from);
    /// The agent acts for a place. `agreed`: whose place it is by the agent's disk; `others`: that the number stands
    /// elsewhere, too; `held`: that the disk says another installation has the company.
    struct Standpoint {
        std::optional<OrgNumber> agreed;
        bool settled = false, others = false, held = false;
    };
    void agent_acts(const sync::PlaceKey& at, const OrgNumber& company, const Standpoint& standpoint);
    /// An operation reaches the service. `journal`: what stands on the agent's disk; `known`: the collaboration as the
    /// agent last read it.
    void operation_arrives(const sync::Operation& operation, const std::vector<sync::Operation>& journal,
                           std::optional<sync::CollaborationState> known);
    void agent_tells(const sync::PlaceKey& at, const sync::LocalCompany& before, const sync::Notice& notice);

    /// After a run that reached its end: which threads it left equal and remembered.
    void settled(const Thread& thread, sync::Choice value);
    /// After a run that nothing disturbed.
    void stands(const Thread& thread, const Standing& standing, const agent::CompanyStatus& status);
    /// What is published of a company after a run, and what was before it.
    void success_is_told(const std::string& machine, const agent::CompanyStatus& now, bool run_completed);

    void complain(const std::string& what) { broken_.push_back(what); }
    const std::vector<std::string>& broken() const { return broken_; }

private:
    struct State {
        bool ever_settled = false;
        bool settled = false;                // a run ended with both sides equal, and nobody acted since
        std::optional<sync::Side> must_win;  // a choice made on top of a settled state, alone since
        sync::Choice winning;
        bool restored = false;  // the service showed another value after a restore: nobody may touch it
        sync::Choice restored_value;
        std::optional<std::pair<sync::Choice, sync::Choice>> approved;  // for these values, local and online
        bool approved_place = false;                                    // a person accepted the place's new number
        std::set<sync::Choice> held_local{std::nullopt}, held_online{std::nullopt};  // values since it was last settled
    };
    struct Act {
        std::string who;
        sync::Side target{};
        sync::Choice before;
        bool after = false;
        sync::Choice base;
    };
    void choose(State& state, sync::Side side, sync::Choice before, sync::Choice after);
    bool covered(const State& state, const Act& act) const;
    void agent_changes(const Installation& installation, const Thread& thread, const Act& act);
    void count_overwrite(const Installation& installation, sync::Side won, const OrgNumber& company);
    bool has_cause(const Thread& thread, const Standing& standing, Errc code) const;
    void converged(const Thread& thread, const Standing& standing);
    std::vector<Thread> threads_of(const OrgNumber& company, sync::Preference preference) const;
    std::string name(const Thread& thread) const;

    std::map<Thread, State> states_;
    std::map<OrgNumber, std::set<sync::PlaceKey>> places_;  // where the number stands now
    std::map<std::pair<std::string, sync::Side>, std::map<OrgNumber, Time>> overwritten_;
    std::map<std::string, sync::Operation> arrived_;
    std::chrono::milliseconds turned_{0};
    std::map<std::tuple<std::string, std::string, std::string>, std::optional<Time>> last_success_;  // as told
    std::set<std::string> applied_;
    std::map<OrgNumber, std::string> last_writer_;
    std::set<std::string> lost_;
    bool restored_ever_ = false, far_ = false, may_hold_first_contact_ = false;
    std::vector<std::string> broken_;
};

}  // namespace samsynk::simulation
