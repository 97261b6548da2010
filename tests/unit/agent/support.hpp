// What the agent's tests share: companies, and scripts that let things go wrong once.
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <map>

#include "support/machine.hpp"

namespace samsynk::agent {

using support::Fate;
using support::Machine;
using support::World;
using sync::CollaborationState;
using sync::Preference;
using sync::Preferences;

inline const OrgNumber lindqvist = OrgNumber::parse("556016-0680").value();
inline const OrgNumber ekstrom = OrgNumber::parse("556265-1892").value();
inline constexpr Preference sending = Preference::send_all_invoices;
inline constexpr Preference receiving = Preference::receive_invoices;

/// What becomes of the next await with a name, in turn; and what someone does at that moment.
class Plot : public support::Script {
public:
    Plot& then(const std::string& what, Fate fate, std::function<void()> meanwhile = {}) {
        turns_[what].push_back({fate, std::move(meanwhile)});
        return *this;
    }
    Fate next(std::string_view what) override {
        ++reached[std::string{what}];
        auto& turns = turns_[std::string{what}];
        if (turns.empty()) return Fate::go_on;
        const Turn turn = std::move(turns.front());
        turns.pop_front();
        if (turn.meanwhile) turn.meanwhile();
        return turn.fate;
    }
    std::size_t of(std::size_t count) override { return std::min(count, done); }

    std::optional<Error> trouble(std::string_view) override { return why; }
    std::chrono::seconds retry_after() override { return wait; }

    std::size_t done = 1000;
    std::optional<Error> why;      ///< in place of the usual error
    std::chrono::seconds wait{0};  ///< what the service asks for with it
    std::map<std::string, int> reached;

private:
    struct Turn {
        Fate fate;
        std::function<void()> meanwhile;
    };
    std::map<std::string, std::deque<Turn>> turns_;
};

/// One company on both sides, with an active collaboration.
struct Both : World {
    explicit Both(Preferences local = {}, Preferences online = {}) {
        service.add(lindqvist, "Lindqvist Bygg AB", CollaborationState::active, online);
        main().add("L", lindqvist, local);
        script = &plot;
    }
    Preferences& local() { return main().places.at("L").preferences; }
    const Preferences& online() { return service.record(lindqvist).preferences; }
    const sync::Agreement& agreed() { return *disk.memory.agreements.find({"main", "L"}); }

    Plot plot;
};

inline bool has_event(const World& world, const std::string& name) {
    return std::any_of(world.events.begin(), world.events.end(),
                       [&](const Event& event) { return event.name == name; });
}

}  // namespace samsynk::agent
