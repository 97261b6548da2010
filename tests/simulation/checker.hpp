// An independent model of what must always hold: it sees what people and agents do, knows nothing of plans, and says
// what was broken. Written apart from the planner on purpose.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "support/machine.hpp"

namespace samsynk::simulation {

/// One preference of one company, seen from outside.
struct Thread {
    OrgNumber company;
    sync::Preference preference{};
    auto operator<=>(const Thread&) const = default;
};

class Checker {
public:
    explicit Checker(Time& now) : now_{now} {}

    // What people do, told before it is done.
    void person_chooses(const Thread& thread, sync::Side side, sync::Choice before, sync::Choice after);
    void service_was_restored(const std::map<OrgNumber, sync::Record>& after);
    void state_was_lost();
    void person_approves(const sync::Hold& hold);
    /// How both sides stand after someone acted: where they are equal an agent may take that for agreed.
    void observe(const Thread& thread, sync::Choice local, sync::Choice online) {
        if (local == online) states_[thread].restored = false;
    }
    void time_jumped_far() { far_ = true; }

    // What an agent does, told before it takes effect.
    void agent_writes(const std::string& installation, std::size_t size, const agent::PreferenceWrite& write,
                      const sync::LocalCompany& before);
    void agent_pushes(const std::string& installation, std::size_t size, const sync::Operation& operation,
                      const sync::Record& before);

    /// After a run that reached its end: which threads it left equal and remembered.
    void settled(const Thread& thread, sync::Choice value);

    /// At the end, after calm runs.
    void final_state(const Thread& thread, sync::Choice local, sync::Choice online, sync::Choice agreed,
                     const agent::CompanyStatus& status, bool may_send);
    void complain(const std::string& what) { broken_.push_back(what); }

    const std::vector<std::string>& broken() const { return broken_; }
    double limit = 0.2;
    bool may_hold_first_contact = false;

private:
    struct State {
        bool ever_settled = false;
        bool settled = false;                // a run ended with both sides equal, and nobody acted since
        std::optional<sync::Side> must_win;  // a choice made on top of a settled state, alone since
        sync::Choice winning;
        bool restored = false;  // the service showed another value after a restore: nobody may touch it
        sync::Choice restored_value;
        bool approved = false;  // a person decided: either side may be overwritten once
        std::set<sync::Choice> held_local{std::nullopt}, held_online{std::nullopt};  // values since it was last settled
    };
    void agent_changes(const std::string& who, const Thread& thread, sync::Side target, sync::Choice before,
                       bool after);
    void count_overwrite(const std::string& installation, std::size_t size, sync::Side won, const OrgNumber& company);
    std::string name(const Thread& thread) const;

    Time& now_;
    std::map<Thread, State> states_;
    std::map<std::pair<std::string, sync::Side>, std::map<OrgNumber, Time>> overwritten_;
    std::set<std::string> operations_;
    bool lost_ = false, restored_ever_ = false, far_ = false;
    std::vector<std::string> broken_;
};

}  // namespace samsynk::simulation
