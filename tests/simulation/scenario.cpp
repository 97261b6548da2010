#include "simulation/scenario.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace samsynk::simulation {
namespace {

using support::Books;
using support::Fate;
using support::Machine;
using support::World;
using sync::Choice;
using sync::CollaborationState;
using sync::Preference;
using sync::Side;

OrgNumber number(std::size_t n) {
    const std::string nine = "556" + std::to_string(200000 + n);
    for (char check = '0'; check <= '9'; ++check)
        if (const auto found = OrgNumber::parse(nine + check); found.has_value()) return *found;
    throw std::logic_error{"no check digit"};
}

class Scenario : public support::Script {
public:
    Scenario(std::uint64_t seed, Plant plant) : random_{seed}, plant_{plant}, checker_{world_.now} {
        world_.script = this;
        set_up();
    }

    Outcome play() {
        const std::size_t steps = 4 + below(14);
        for (std::size_t step = 0; step < steps && checker_.broken().empty(); ++step) {
            people_act(below(4));
            pass_time();
            run_agent();
        }
        if (checker_.broken().empty()) calm_down();
        outcome_.broken = checker_.broken();
        return std::move(outcome_);
    }

    Fate next(std::string_view what) override {
        ++outcome_.awaits;
        if (calm_) return Fate::go_on;
        if (chance(0.08)) people_act(1);
        if (what == "load" || !chance(trouble_)) return Fate::go_on;
        const Fate fate = std::array{Fate::fail, Fate::do_then_fail, Fate::crash, Fate::do_then_crash}[below(4)];
        say("  " + std::string{what} + ": " +
            std::array{"goes on", "fails", "is done, then fails", "crash before it",
                       "crash after it"}[static_cast<std::size_t>(fate)]);
        return fate;
    }
    std::size_t of(std::size_t count) override { return calm_ ? count : below(count + 1); }

private:
    std::size_t below(std::size_t n) {
        return n == 0 ? 0 : std::uniform_int_distribution<std::size_t>{0, n - 1}(random_);
    }
    bool chance(double p) { return std::bernoulli_distribution{p}(random_); }
    bool flag() { return chance(0.5); }
    void say(std::string line) { outcome_.trace.push_back(std::move(line)); }
    Books& books() { return world_.main(); }
    Preference any_preference() { return flag() ? Preference::send_all_invoices : Preference::receive_invoices; }
    std::string place(std::size_t n) const { return "P" + std::to_string(100 + n); }

    void set_up() {
        const bool large = chance(0.15);
        count_ = large ? 13 + below(30) : 1 + below(5);
        trouble_ = std::array{0.0, 0.02, 0.08, 0.25}[below(4)];
        world_.service.page_size = 1 + below(9);
        world_.policy.first_contact =
            std::array{sync::FirstContact::online, sync::FirstContact::local, sync::FirstContact::hold}[below(3)];
        checker_.may_hold_first_contact = world_.policy.first_contact == sync::FirstContact::hold;
        for (std::size_t n = 0; n < count_; ++n) {
            world_.service.add(number(n), "Bolag " + std::to_string(n),
                               chance(0.8) ? CollaborationState::active : CollaborationState::invited);
            books().add(place(n), number(n));
            for (const auto preference : sync::all_preferences) {
                if (chance(0.3)) choose_online(n, preference, flag());
                if (chance(0.3)) choose_locally(n, preference, flag());
            }
        }
        books().on_write = [this](const agent::PreferenceWrite& write, const sync::LocalCompany& before) {
            ++outcome_.changes;
            checker_.agent_writes("main", count_, write, before);
            say("  agent: local " + write.place + " " + std::string{name_of(write.preference)} +
                " := " + (write.to ? "true" : "false"));
        };
        world_.service.on_apply = [this](const sync::Operation& operation, const sync::Record& before) {
            ++outcome_.changes;
            checker_.agent_pushes("main", count_, operation, before);
            say("  agent: online " + operation.company.digits() + " " + words(operation.set) + " (" +
                operation.id.substr(0, 4) + ")");
        };
        plant();
    }

    void plant() {
        books().compare_and_set = plant_ != Plant::no_compare_and_set;
        books().absence_is_false = plant_ == Plant::absence_is_false;
        world_.disk.base_before_reply = plant_ == Plant::base_before_reply;
        world_.service.new_id_on_retry = plant_ == Plant::new_id_on_retry;
        if (plant_ == Plant::guard_off_by_one) {
            const double most =
                std::max(10.0, std::floor(world_.policy.mass_change_limit * static_cast<double>(count_)));
            world_.policy.mass_change_limit = (most + 1) / static_cast<double>(count_);
        }
    }

    static std::string words(const sync::Preferences& set) {
        std::string text;
        for (const auto preference : sync::all_preferences)
            if (set[preference])
                text += std::string{text.empty() ? "" : ", "} + std::string{name_of(preference)} +
                        " := " + (*set[preference] ? "true" : "false");
        return text;
    }

    void choose_online(std::size_t n, Preference preference, bool value) {
        if (!world_.service.has(number(n))) return;
        checker_.person_chooses({number(n), preference}, Side::online,
                                world_.service.record(number(n)).preferences[preference], value);
        world_.service.choose(number(n), preference, value);
        say("person online: " + number(n).digits() + " " + std::string{name_of(preference)} +
            " := " + (value ? "true" : "false"));
    }

    void choose_locally(std::size_t n, Preference preference, Choice value) {
        auto& company = books().places.at(place(n));
        checker_.person_chooses({number(n), preference}, Side::local, company.preferences[preference], value);
        company.preferences[preference] = value;
        observe(n);
        say("person local: " + place(n) + " " + std::string{name_of(preference)} + " := " +
            (!value   ? "absent"
             : *value ? "true"
                      : "false"));
    }

    void people_act(std::size_t times) {
        for (; times > 0; --times) act(below(count_));
    }

    void act(std::size_t n) {
        const std::size_t what = below(100);
        if (what < 35) return choose_online(n, any_preference(), flag());
        if (what < 70) return choose_locally(n, any_preference(), flag());
        if (what < 75) return choose_locally(n, any_preference(), std::nullopt);
        if (what < 82) return change_state(n);
        if (what < 85) return leave_or_return(n);
        if (what < 89) return trouble_at(n);
        if (what < 91) return restore();
        if (what < 93) return world_.service.expire_cursors();
        if (what < 95) return mass_choice();
        if (what < 97) return take_backup();
        if (what < 98 && !running_) return lose_state();
        if (what < 99)
            books().offline = books().offline ? std::optional<Error>{} : fail(Errc::installation_offline, "gone");
    }

    void change_state(std::size_t n) {
        if (!world_.service.has(number(n))) return;
        const auto state = std::array{CollaborationState::active, CollaborationState::ended, CollaborationState::ending,
                                      CollaborationState::invited}[below(4)];
        world_.service.set_state(number(n), state);
        say("collaboration of " + number(n).digits() + ": " + std::string{name_of(state)});
    }

    void leave_or_return(std::size_t n) {
        if (world_.service.has(number(n))) {
            world_.service.leave(number(n));
            say(number(n).digits() + " leaves the account");
            return;
        }
        world_.service.come_back(number(n));
        say(number(n).digits() + " comes back");
    }

    void trouble_at(std::size_t n) {
        auto& company = books().places.at(place(n));
        if (flag()) {
            if (!books().locked.erase(place(n))) books().locked.insert(place(n));
            return say(place(n) + (books().locked.contains(place(n)) ? " is in use" : " is free again"));
        }
        company.trouble = company.trouble ? Reason{} : Reason{fail(Errc::unreadable, "no permission")};
        say(place(n) + (company.trouble ? " can't be read" : " can be read again"));
    }

    void observe(std::size_t n) {
        for (const auto preference : sync::all_preferences)
            checker_.observe({number(n), preference}, books().places.at(place(n)).preferences[preference],
                             world_.service.record(number(n)).preferences[preference]);
    }

    void take_backup() { backup_ = world_.service.backup(); }

    void restore() {
        if (backup_.empty()) return take_backup();
        world_.service.restore(backup_);
        checker_.service_was_restored(world_.service.backup());
        for (std::size_t n = 0; n < count_; ++n) observe(n);
        say("the service is restored: epoch " + world_.service.epoch());
    }

    void mass_choice() {
        const bool value = flag();
        const auto preference = any_preference();
        for (std::size_t n = 0; n < count_; ++n)
            if (chance(0.7)) flag_side_ ? choose_online(n, preference, value) : choose_locally(n, preference, value);
        flag_side_ = !flag_side_;
    }

    void lose_state() {
        world_.disk = {};
        checker_.state_was_lost();
        say("the state is lost");
    }

    void pass_time() {
        world_.now += std::chrono::minutes{below(60)};
        if (chance(0.03)) {
            world_.now += std::chrono::hours{24 * 8};
            checker_.time_jumped_far();
            say("eight days pass");
        }
    }

    // One run, and what came of it: where it reached its end, the threads that are equal and agreed are settled.
    std::optional<agent::RunResult> run_agent() {
        ++outcome_.runs;
        say("run " + std::to_string(outcome_.runs));
        running_ = true;
        const std::size_t acted = outcome_.trace.size();
        (void)acted;
        Machine machine{world_, random_()};
        const auto result = machine.once();
        running_ = false;
        if (machine.crashed()) ++outcome_.crashes;
        if (!result) return std::nullopt;
        say(std::string{"  "} + std::string{agent::name_of(result->outcome)} +
            (result->error ? ": " + to_text(result->error->message) : ""));
        if (result->outcome == agent::Outcome::completed) settle(*machine.agent().status());
        if (chance(0.3)) answer(machine);
        status_ = machine.agent().status();
        return result;
    }

    void settle(const agent::Status& status) {
        for (const auto& company : *status.companies) {
            if (company.state != agent::CompanyState::synced) continue;
            const OrgNumber key = *company.company();
            const auto* agreed = world_.disk.memory.agreements.find({"main", company.place()});
            if (!agreed || !world_.service.has(key)) continue;
            for (const auto preference : sync::all_preferences) {
                const Choice local = books().places.at(company.place()).preferences[preference];
                const Choice online = world_.service.record(key).preferences[preference];
                if (local == online && agreed->base[preference] == local) checker_.settled({key, preference}, local);
            }
        }
    }

    void answer(Machine& machine) {
        const auto held = machine.agent().held();
        if (held.empty()) return;
        const sync::Hold hold = held[below(held.size())];
        checker_.person_approves(hold);
        say("person approves " + hold.id + " (" + std::string{name_of(hold.kind)} + ")");
        const std::optional<Side> take = hold.planned ? hold.planned : flag() ? Side::local : Side::online;
        const bool was_calm = std::exchange(calm_, true);
        machine.answer(hold.id, take);
        calm_ = was_calm;
    }

    void calm_down() {
        say("calm");
        calm_ = true;
        books().offline.reset();
        books().locked.clear();
        for (auto& [at, company] : books().places) company.trouble.reset();
        world_.now += std::chrono::hours{2};
        for (int i = 0; i < 3; ++i) {
            const auto result = run_agent();
            if (!result || result->outcome != agent::Outcome::completed)
                return checker_.complain("a calm run did not complete");
        }
        for (const auto& company : *status_->companies) {
            const OrgNumber key = *company.company();
            if (!world_.service.has(key)) continue;
            const auto* agreed = world_.disk.memory.agreements.find({"main", company.place()});
            const auto& record = world_.service.record(key);
            for (const auto preference : sync::all_preferences)
                checker_.final_state({key, preference}, books().places.at(company.place()).preferences[preference],
                                     record.preferences[preference], agreed ? agreed->base[preference] : Choice{},
                                     company, sync::in_effect(record.collaboration.state));
            if (company.state == agent::CompanyState::synced &&
                books().places.at(company.place()).notice != sync::fingerprint(sync::notice_of(record)))
                checker_.complain(company.place() + " was not told of its collaboration");
        }
    }

    std::mt19937_64 random_;
    Plant plant_;
    World world_;
    Checker checker_;
    Outcome outcome_;
    std::size_t count_ = 1;
    double trouble_ = 0;
    bool calm_ = false, running_ = false, flag_side_ = false;
    std::map<OrgNumber, sync::Record> backup_;
    std::shared_ptr<const agent::Status> status_;
};

}  // namespace

std::string_view name_of(Plant plant) {
    switch (plant) {
        case Plant::none:
            return "none";
        case Plant::base_before_reply:
            return "base_before_reply";
        case Plant::new_id_on_retry:
            return "new_id_on_retry";
        case Plant::absence_is_false:
            return "absence_is_false";
        case Plant::no_compare_and_set:
            return "no_compare_and_set";
        case Plant::guard_off_by_one:
            return "guard_off_by_one";
    }
    return "none";
}

Outcome play(std::uint64_t seed, Plant plant) { return Scenario{seed, plant}.play(); }

}  // namespace samsynk::simulation
