// Faults that are planted to see that the checker finds them: in what stands around the agent, and in the agent itself.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace samsynk::simulation {

/// All of them, by name. Those of the agent itself are there only in the program that was built with them.
std::vector<std::string> all_plants();

/// The one that is planted in this thread; empty: none.
std::string_view planted();
void plant(std::string_view name);
inline bool is_planted(std::string_view name) { return planted() == name; }

}  // namespace samsynk::simulation
