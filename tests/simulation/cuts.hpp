// A few fixed stories, cut off at every await in turn: however one is cut, it must end as if it had not been.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "simulation/stage.hpp"

namespace samsynk::simulation {

/// What happens when an await of that name is reached for the first time: someone acts, or something fails there.
struct Moment {
    std::string at;
    std::function<void(Stage&)> act;
    support::Fate fate = support::Fate::go_on;
};

/// People act, the agent runs (again and again where it is cut off), and perhaps a person answers what is held.
struct Chapter {
    std::function<void(Stage&)> people;
    std::optional<Moment> moment;
    bool answers = false;
    std::optional<sync::Side> take;
    std::function<void(Stage&)> meanwhile{};  ///< people act while an agent serves and waits for news; before the run
};

struct FixedStory {
    std::string name;
    std::size_t companies = 2;
    std::vector<Chapter> chapters;
    bool in_pairs = false;  ///< short enough to be cut twice, in every combination
};

/// The stories by name; each begins with companies that have chosen nothing and collaborations that are active.
std::vector<FixedStory> fixed_stories();
Spot nth(Stage& stage, std::size_t n);

/// The nth await from the last cut on (or from the beginning), and what becomes of it.
struct Cut {
    std::size_t at = 0;
    support::Fate fate = support::Fate::go_on;
};

struct CutOutcome {
    Outcome outcome;
    std::string end;          ///< both sides, what is agreed, what is held: as text
    std::size_t reached = 0;  ///< how many of the cuts came about
};
CutOutcome play_cut(const FixedStory& story, const std::vector<Cut>& cuts);

/// Cuts every story (or those whose name contains `only`) everywhere; prints what was done and what broke. False where
/// something did.
bool cut_everywhere(const std::string& only, unsigned jobs, bool in_pairs);

}  // namespace samsynk::simulation
