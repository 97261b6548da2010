// One seed: people, a service, an agent that is cut off, and the checker that looks on.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "simulation/checker.hpp"

namespace samsynk::simulation {

/// Faults that are planted to see that the checker finds them.
enum class Plant {
    none,
    base_before_reply,   ///< what was agreed is written when an operation is journalled
    new_id_on_retry,     ///< an operation that is sent again bears another id
    absence_is_false,    ///< a value that is not there is taken for false
    no_compare_and_set,  ///< a local write replaces whatever stands there
    guard_off_by_one,    ///< one company more may be overwritten
};
inline constexpr std::array all_plants{Plant::base_before_reply, Plant::new_id_on_retry, Plant::absence_is_false,
                                       Plant::no_compare_and_set, Plant::guard_off_by_one};
std::string_view name_of(Plant plant);

struct Outcome {
    std::vector<std::string> broken;  ///< empty: all that must hold held
    std::vector<std::string> trace;   ///< what happened, a line each
    std::size_t runs = 0, awaits = 0, crashes = 0, changes = 0;
};

/// Plays one seed. The same seed and plant give the same outcome.
Outcome play(std::uint64_t seed, Plant plant = Plant::none);

}  // namespace samsynk::simulation
