#include "simulation/checker.hpp"

namespace samsynk::simulation {

using sync::Choice;
using sync::Side;

namespace {

std::string word(Choice choice) { return !choice ? "absent" : *choice ? "true" : "false"; }

}  // namespace

std::string Checker::name(const Thread& thread) const {
    return thread.company.digits() + " " + std::string{name_of(thread.preference)};
}

void Checker::person_chooses(const Thread& thread, Side side, Choice before, Choice after) {
    if (before == after) return;
    State& state = states_[thread];
    (side == Side::local ? state.held_local : state.held_online).insert(after);
    if (side == Side::online) state.restored = false;
    const bool alone = state.settled || state.must_win == side;
    state.settled = false;  // an answer stays good: the values may come back to what it was given for
    state.must_win.reset();
    if (alone && after) {
        state.must_win = side;
        state.winning = after;
    }
}

void Checker::service_was_restored(const std::map<OrgNumber, sync::Record>& after) {
    restored_ever_ = true;
    for (const auto& [company, record] : after)
        for (const auto preference : sync::all_preferences) {
            State& state = states_[{company, preference}];
            state.settled = false;
            state.must_win.reset();
            const Choice now = record.preferences[preference];
            // Another value than any that the agent can have read since: it must ask.
            state.restored = state.ever_settled && !state.held_online.contains(now);
            state.restored_value = now;
            state.held_online.insert(now);
        }
}

void Checker::state_was_lost() {
    lost_ = true;
    overwritten_.clear();
    for (auto& [thread, state] : states_) {
        state.settled = state.ever_settled = state.restored = false;
        state.must_win.reset();
    }
}

void Checker::person_approves(const sync::Hold& hold) {
    for (const sync::HoldRow& row : hold.rows)
        for (const auto preference : sync::all_preferences)
            if (!row.preference || *row.preference == preference) {
                State& state = states_[{row.company, preference}];
                state.approved = true;
                state.restored = false;
                state.must_win.reset();
            }
}

void Checker::agent_changes(const std::string& who, const Thread& thread, Side target, Choice before, bool after) {
    State& state = states_[thread];
    const std::set<Choice>& source = target == Side::local ? state.held_online : state.held_local;
    if (!source.contains(after))
        complain(who + " wrote " + word(after) + " for " + name(thread) + ": nobody held that");
    // A local write may still carry what was read before the restore.
    if (state.restored && !state.approved && (target == Side::online || after == state.restored_value))
        complain(who + " touched " + name(thread) + ", which a restore of the service had set back");
    if (before == after) complain(who + " wrote " + word(after) + " for " + name(thread) + " again: done twice");
    if (state.must_win == target && before == state.winning && before != after)
        complain(who + " overwrote the newer choice " + word(before) + " of " + name(thread) + " on the " +
                 std::string{name_of(target)} + " side: it was lost");
    (target == Side::local ? state.held_local : state.held_online).insert(after);
}

void Checker::count_overwrite(const std::string& installation, std::size_t size, Side won, const OrgNumber& company) {
    auto& lately = overwritten_[{installation, won}];
    lately.insert_or_assign(company, now_);
    std::erase_if(lately, [&](const auto& one) { return now_ - one.second > std::chrono::hours{24}; });
    if (lately.size() > 10 && static_cast<double>(lately.size()) > limit * static_cast<double>(size)) {
        std::string who;
        for (const auto& [one, at] : lately) who += " " + one.digits();
        complain("a mass change: " + std::to_string(lately.size()) + " of " + std::to_string(size) + " companies of " +
                 installation + " overwritten:" + who);
    }
}

void Checker::agent_writes(const std::string& installation, std::size_t size, const agent::PreferenceWrite& write,
                           const sync::LocalCompany& before) {
    const Thread thread{*before.company, write.preference};
    const Choice now = before.preferences[write.preference];
    if (now != write.from) complain("a local write of " + name(thread) + " replaced what was not read");
    if (before.company != write.company) complain("a local write of " + name(thread) + " hit another company");
    if (now && !states_[thread].approved) count_overwrite(installation, size, Side::online, thread.company);
    agent_changes("the agent", thread, Side::local, now, write.to);
}

void Checker::agent_pushes(const std::string& installation, std::size_t size, const sync::Operation& operation,
                           const sync::Record& before) {
    if (!operations_.insert(operation.id).second) complain("the operation " + operation.id + " was applied twice");
    bool counted = false;
    for (const auto preference : sync::all_preferences) {
        if (!operation.set[preference]) continue;
        const Thread thread{operation.company, preference};
        if (operation.set[preference] == true && !sync::in_effect(before.collaboration.state))
            complain("true was sent for " + name(thread) + " without a collaboration in effect");
        if (before.preferences[preference] && !states_[thread].approved && !counted) {
            count_overwrite(installation, size, Side::local, thread.company);
            counted = true;
        }
        agent_changes("an operation", thread, Side::online, before.preferences[preference], *operation.set[preference]);
    }
}

void Checker::settled(const Thread& thread, Choice value) {
    State& state = states_[thread];
    state.settled = state.ever_settled = true;
    state.must_win.reset();
    state.restored = false;
    state.approved = false;
    state.held_local = {value};
    state.held_online = {value};
}

void Checker::final_state(const Thread& thread, Choice local, Choice online, Choice agreed,
                          const agent::CompanyStatus& status, bool may_send) {
    using agent::CompanyState;
    if (status.state == CompanyState::held) {
        const Errc code = status.reason->code;
        const bool known = (code == Errc::service_restored && restored_ever_) || (code == Errc::base_lost && lost_) ||
                           (code == Errc::unclear_write && far_) || code == Errc::mass_change ||
                           (code == Errc::first_contact && may_hold_first_contact);
        if (!known) complain(name(thread) + " is held without a cause: " + std::string{samsynk::name_of(code)});
        return;
    }
    if (status.state == CompanyState::waiting) {
        if (may_send) complain(name(thread) + " waits though it may be sent");
        return;
    }
    if (status.state != CompanyState::synced) {
        complain(name(thread) + " is " + std::string{name_of(status.state)} + " at the end" +
                 (status.reason ? ": " + to_text(status.reason->message) : ""));
        return;
    }
    if (local != online || agreed != local)
        complain(name(thread) + " did not converge: local " + word(local) + ", online " + word(online) + ", agreed " +
                 word(agreed));
    const State& state = states_[thread];
    if (state.must_win && local != state.winning)
        complain(name(thread) + ": the choice " + word(state.winning) + " was lost, both sides show " + word(local));
}

}  // namespace samsynk::simulation
