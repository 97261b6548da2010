// How long one step of a run may take, by what is configured: so long the watchdog waits for it.
#pragma once

#include <chrono>

#include "settings/settings.hpp"

namespace samsynk::app {

/// 0 where no step is given more than two minutes: then the watchdog's own time is enough.
std::chrono::milliseconds longest_step(const settings::Settings& settings);

}  // namespace samsynk::app
