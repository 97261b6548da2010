#include "simulation/checker.hpp"

#include <algorithm>
#include <utility>

namespace samsynk::simulation {

using sync::Choice;
using sync::PlaceKey;
using sync::Preference;
using sync::Side;

std::string Checker::name(const Thread& thread) const {
    return thread.company.digits() + " at " + thread.at.installation + ":" + thread.at.place + " " +
           std::string{name_of(thread.preference)};
}

std::vector<Thread> Checker::threads_of(const OrgNumber& company, Preference preference) const {
    std::vector<Thread> threads;
    if (const auto places = places_.find(company); places != places_.end())
        for (const PlaceKey& at : places->second) threads.push_back({at, company, preference});
    return threads;
}

void Checker::appears(const PlaceKey& at, const OrgNumber& company, const sync::Preferences& local,
                      const sync::Preferences& online) {
    places_[company].insert(at);
    for (const auto preference : sync::all_preferences) {
        State state;
        state.held_local = {local[preference]};
        state.held_online = {online[preference]};
        states_.insert_or_assign({at, company, preference}, state);
    }
}

void Checker::leaves(const PlaceKey& at, const OrgNumber& company) { places_[company].erase(at); }

void Checker::choose(State& state, Side side, Choice before, Choice after) {
    if (before == after) return;
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

void Checker::chooses_locally(const Thread& thread, Choice before, Choice after) {
    choose(states_[thread], Side::local, before, after);
}

void Checker::chooses_online(const OrgNumber& company, Preference preference, Choice before, Choice after) {
    for (const Thread& thread : threads_of(company, preference)) choose(states_[thread], Side::online, before, after);
}

void Checker::observe(const Thread& thread, Choice local, Choice online) {
    if (local == online) states_[thread].restored = false;
}

void Checker::service_was_restored(const std::map<OrgNumber, sync::Record>& after) {
    restored_ever_ = true;
    last_writer_.clear();
    for (const auto& [company, record] : after)
        for (const auto preference : sync::all_preferences)
            for (const Thread& thread : threads_of(company, preference)) {
                State& state = states_[thread];
                state.settled = false;
                state.must_win.reset();
                const Choice now = record.preferences[preference];
                // Another value than any that the agent can have read since, on either side: it must ask.
                state.restored =
                    state.ever_settled && !state.held_online.contains(now) && !state.held_local.contains(now);
                state.restored_value = now;
                state.held_online.insert(now);
            }
}

void Checker::state_was_lost(const std::string& installation) {
    lost_.insert(installation);
    std::erase_if(overwritten_, [&](const auto& one) { return one.first.first == installation; });
    for (auto& [thread, state] : states_) {
        if (thread.at.installation != installation) continue;
        state.settled = state.ever_settled = state.restored = false;
        state.must_win.reset();
    }
}

void Checker::person_approves(const sync::Hold& hold) {
    for (const sync::HoldRow& row : hold.rows)
        for (const auto preference : sync::all_preferences) {
            if (row.preference && *row.preference != preference) continue;
            State& state = states_[{row.key, row.company, preference}];
            if (row.preference)
                state.approved = std::pair{row.local, row.online};
            else
                state.approved_place = true;
        }
}

// A person said yes to exactly this: these values on both sides.
bool Checker::covered(const State& state, const Act& act) const {
    if (state.approved_place) return true;
    if (!state.approved) return false;
    const auto& [local, online] = *state.approved;
    return act.target == Side::local ? act.before == local && act.after == online
                                     : act.before == online && act.after == local;
}

void Checker::agent_changes(const Installation& installation, const Thread& thread, const Act& act) {
    State& state = states_[thread];
    const bool asked = covered(state, act);
    const std::set<Choice>& source = act.target == Side::local ? state.held_online : state.held_local;
    if (!source.contains(act.after))
        complain(act.who + " wrote " + word(act.after) + " for " + name(thread) + ": nobody held that");
    // A local write may still carry what was read before the restore.
    // Of a place that follows, what it follows was asked about.
    if (state.restored && !asked && !installation.follows &&
        (act.target == Side::online || act.after == state.restored_value))
        complain(act.who + " touched " + name(thread) + ", which a restore of the service had set back");
    if (act.before == act.after)
        complain(act.who + " wrote " + word(act.after) + " for " + name(thread) + " again: done twice");
    if (state.must_win == act.target && act.before == state.winning && !asked)
        complain(act.who + " overwrote the newer choice " + word(act.before) + " of " + name(thread) + " on the " +
                 std::string{name_of(act.target)} + " side: it was lost");
    if (installation.asks_first && !act.base && act.before && !asked)
        complain(act.who + " overwrote " + word(act.before) + " of " + name(thread) + " at the first contact, unasked");
    if (asked) {
        state.must_win.reset();
        state.restored = false;
    }
    (act.target == Side::local ? state.held_local : state.held_online).insert(act.after);
}

void Checker::count_overwrite(const Installation& installation, Side won, const OrgNumber& company) {
    auto& lately = overwritten_[{installation.name, won}];
    lately.insert_or_assign(company, installation.now);
    std::erase_if(lately,
                  [&](const auto& one) { return installation.now - one.second > std::chrono::hours{24} - turned_; });
    if (lately.size() <= 10 ||
        static_cast<double>(lately.size()) <= installation.limit * static_cast<double>(installation.size))
        return;
    std::string who;
    for (const auto& [one, at] : lately) who += " " + one.digits();
    complain("a mass change: " + std::to_string(lately.size()) + " of " + std::to_string(installation.size) +
             " companies of " + installation.name + " overwritten:" + who);
}

void Checker::agent_writes(const Installation& installation, const agent::PreferenceWrite& write,
                           const sync::LocalCompany& before, Choice base) {
    const Thread thread{{installation.name, write.place}, write.company, write.preference};
    const Choice now = before.preferences[write.preference];
    if (now != write.from) complain("a local write of " + name(thread) + " replaced what was not read");
    if (before.company != write.company) complain("a local write of " + name(thread) + " hit another company");
    if (before.ignored) complain("a local write of " + name(thread) + " hit a place that is to be ignored");
    const Act act{"the agent", Side::local, now, write.to, base};
    if (now && !covered(states_[thread], act)) count_overwrite(installation, Side::online, thread.company);
    agent_changes(installation, thread, act);
}

void Checker::agent_pushes(const Installation& installation, const sync::Operation& operation,
                           const sync::Record& before, const sync::Preferences& base,
                           const std::set<std::string>& from) {
    if (!applied_.insert(operation.id).second)
        complain("an operation of " + operation.company.digits() + " was applied twice");
    const auto [writer, first] = last_writer_.try_emplace(operation.company, operation.installation);
    if (!first && writer->second != operation.installation)
        complain(operation.company.digits() + " was written online by " + writer->second + " and by " +
                 operation.installation + " under one claim");
    bool counted = false;
    for (const auto preference : sync::all_preferences) {
        if (!operation.set[preference]) continue;
        if (operation.set[preference] == true && !sync::in_effect(before.collaboration.state))
            complain("true was sent for " + operation.company.digits() + " without a collaboration in effect");
        const Act act{"an operation", Side::online, before.preferences[preference], *operation.set[preference],
                      base[preference]};
        for (const Thread& thread : threads_of(operation.company, preference)) {
            State& state = states_[thread];
            // To the others this is a choice that someone made online.
            if (thread.at.installation != installation.name || !from.contains(thread.at.place)) {
                choose(state, Side::online, act.before, act.after);
                continue;
            }
            if (act.before && !covered(state, act) && !std::exchange(counted, true))
                count_overwrite(installation, Side::local, operation.company);
            agent_changes(installation, thread, act);
        }
    }
}

void Checker::agent_acts(const PlaceKey& at, const OrgNumber& company, const Standpoint& standpoint) {
    const Thread thread{at, company, Preference::send_all_invoices};
    const bool accepted = standpoint.settled || states_[thread].approved_place;
    if (standpoint.agreed && standpoint.agreed != company && !accepted)
        complain(at.place + " was acted for as " + company.digits() + ", though it was agreed to be " +
                 standpoint.agreed->digits() + " and nobody was asked");
    if (standpoint.others && standpoint.agreed != company)
        complain(at.place + " was acted for as " + company.digits() + ", though that stands at other places, too");
    if (standpoint.held)
        complain(at.place + " was written to, though another installation is known to have " + company.digits());
}

void Checker::operation_arrives(const sync::Operation& operation, const std::vector<sync::Operation>& journal,
                                std::optional<sync::CollaborationState> known) {
    if (std::find(journal.begin(), journal.end(), operation) == journal.end())
        complain("an operation of " + operation.company.digits() +
                 " was sent that is not in the journal as it was sent");
    const auto [first, news] = arrived_.try_emplace(operation.id, operation);
    if (!news) {
        if (first->second != operation)
            complain("an operation of " + operation.company.digits() + " was sent again with another body");
        return;
    }
    for (const auto preference : sync::all_preferences)
        if (operation.set[preference] == true && known && !sync::in_effect(*known))
            complain("true was sent for " + operation.company.digits() + " though its collaboration was known as " +
                     std::string{name_of(*known)});
}

void Checker::agent_tells(const PlaceKey& at, const sync::LocalCompany& before, const sync::Notice& notice) {
    const std::string where = at.installation + ":" + at.place;
    if (before.company != notice.company) complain(where + " was told of another company's collaboration");
    if (before.ignored) complain(where + " was told something though it is to be ignored");
    if ((notice.sending_in_effect || notice.receiving_in_effect) && !sync::in_effect(notice.collaboration.state))
        complain(where + " was told that a choice is in effect while the collaboration is " +
                 std::string{name_of(notice.collaboration.state)});
}

void Checker::settled(const Thread& thread, Choice value) {
    State& state = states_[thread];
    state.settled = state.ever_settled = true;
    state.must_win.reset();
    state.restored = false;
    state.approved.reset();
    state.approved_place = false;
    state.held_local = {value};
    state.held_online = {value};
}

void Checker::converged(const Thread& thread, const Standing& standing) {
    if (standing.local != standing.online || standing.agreed != standing.local)
        complain(name(thread) + " did not converge: local " + word(standing.local) + ", online " +
                 word(standing.online) + ", agreed " + word(standing.agreed));
    const State& state = states_[thread];
    if (state.must_win && standing.local != state.winning)
        complain(name(thread) + ": the choice " + word(state.winning) + " was lost, both sides show " +
                 word(standing.local));
}

bool Checker::has_cause(const Thread& thread, const Standing& standing, Errc code) const {
    switch (code) {
        case Errc::service_restored:
            return restored_ever_;
        case Errc::base_lost:
            return lost_.contains(thread.at.installation);
        case Errc::unclear_write:
            return far_;
        case Errc::mass_change:
            return true;
        case Errc::first_contact:
            return may_hold_first_contact_ || standing.led;
        case Errc::followed_choice:
            return standing.follows;
        case Errc::identity_changed:
            return standing.renumbered;
        case Errc::new_company:
            return standing.contradicted;
        case Errc::duplicate:
            return standing.shared;
        case Errc::claim_held:
            return !standing.claimed;
        case Errc::unknown_company:
        case Errc::bad_record:
            return !standing.known;
        default:
            return false;
    }
}

void Checker::stands(const Thread& thread, const Standing& standing, const agent::CompanyStatus& status) {
    using agent::CompanyState;
    switch (status.state) {
        case CompanyState::ignored:
            return;
        case CompanyState::synced:
            return converged(thread, standing);
        case CompanyState::waiting:
            if (standing.follows ? !standing.leader_open : standing.may_send)
                complain(name(thread) + " waits though nothing stands in its way");
            return;
        default:
            if (!status.reason || !has_cause(thread, standing, status.reason->code))
                complain(name(thread) + " is " + std::string{name_of(status.state)} + " without a cause" +
                         (status.reason ? ": " + std::string{samsynk::name_of(status.reason->code)} : ""));
    }
}

void Checker::success_is_told(const std::string& machine, const agent::CompanyStatus& now, bool run_completed) {
    using agent::CompanyState;
    const bool well = now.state == CompanyState::synced || now.state == CompanyState::waiting;
    const std::string where = now.installation + ":" + now.place();
    // After a restart what is remembered of a company that failed may be told again; nothing newer.
    std::optional<Time>& latest = last_success_[{machine, now.installation, now.place()}];
    const bool told_anew = now.last_success && (!latest || *now.last_success > *latest);
    if (told_anew && !(well && run_completed))
        complain(where + " is " + std::string{name_of(now.state)} + ", but its last success was told anew");
    if (told_anew) latest = now.last_success;
}

}  // namespace samsynk::simulation
