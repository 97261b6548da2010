// One seed, one story: people, a service, machines that are cut off, and the checker that looks on.
#pragma once

#include <cstdint>

#include "simulation/stage.hpp"

namespace samsynk::simulation {

/// Plays one seed. The same seed (and planted fault) gives the same outcome.
Outcome play(std::uint64_t seed);

/// The nth organisation number of the stories.
OrgNumber number(std::size_t n);

}  // namespace samsynk::simulation
