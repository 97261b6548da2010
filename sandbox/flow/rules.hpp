// Which step leads a collaboration from which state to which, and who may take it: one table, which everything asks and
// docs/flow.md draws.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace samsynk::sandbox {

enum class State { invited, active, declined, expired, ending, ended };
std::string_view name_of(State state);
std::optional<State> state_named(std::string_view name);

enum class Step { activate, remind, withdraw, approve, accept_terms, decline, expire, end_now, end_on, pass_end };
std::string_view name_of(Step step);

enum class Party { office, customer, clock };
std::string_view name_of(Party party);

/// Where a collaboration stands: its state, and what an invitation waits for. No state: there has never been one.
struct Place {
    std::optional<State> state;
    std::string_view awaiting = {};  ///< `approval` or `terms`

    bool operator==(const Place&) const = default;
};

struct Rule {
    Step step;
    Party by;
    Place from;
    Place to;
};

/// All there are. What is not here can't be done.
std::span<const Rule> rules();

/// Where the step leads from here; nothing where it may not be taken. `activate` leads to an invitation that waits for
/// `awaiting`.
std::optional<Place> after(const Place& from, Step step, Party by, std::string_view awaiting = "approval");

std::optional<Step> step_named(std::string_view name);
/// Whether some rule leads there by this step: who asks for it twice has got it.
bool can_lead_to(Step step, State state);

}  // namespace samsynk::sandbox
