// The three-way rule for one preference: what was agreed, what the local side has, what the online side has.
#pragma once

#include <string_view>

#include "sync/model.hpp"
#include "sync/rule.hpp"

namespace samsynk::sync {

enum class Action {
    none,         ///< nothing to do
    rebase,       ///< remember that both agree
    write_local,  ///< `value` to the local side
    push,         ///< `value` to the online side
    wait,         ///< a push that the collaboration does not allow yet
    hold,         ///< a person must decide
};
std::string_view name_of(Action action);

struct Decision {
    Rule rule = Rule::agree;
    Action action = Action::none;
    Choice value;  ///< what is written or pushed; always a value that one side held

    bool operator==(const Decision&) const = default;
};

/// Pure and total. `first_contact` says who wins where nothing was agreed.
Decision decide(Choice base, Choice local, Choice online, FirstContact first_contact);

}  // namespace samsynk::sync
