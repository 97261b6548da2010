// The cases of the three-way rule, by name: for plans, for the journal, and for people.
#pragma once

#include <optional>
#include <string_view>

namespace samsynk::sync {

enum class Rule {
    agree,           ///< both sides are equal
    fill_local,      ///< chosen online, not locally
    fill_online,     ///< chosen locally, not online
    online_changed,  ///< the local side is as agreed, the online side is not
    local_changed,   ///< the online side is as agreed, the local side is not
    first_contact,   ///< both chose, differently, and nothing was agreed
    approved,        ///< a person decided; never a plan's rule, told in the history only
};
std::string_view name_of(Rule rule);
std::optional<Rule> rule(std::string_view name);

}  // namespace samsynk::sync
