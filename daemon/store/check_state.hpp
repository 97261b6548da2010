// Looks whether a daemon could use the state that lies in a folder, for someone who only wants to know.
#pragma once

#include <filesystem>

#include "core/error.hpp"

namespace samsynk::store {

enum class StateFound {
    none,    ///< there is no state file yet
    in_use,  ///< a daemon has it, and it was not looked at
    whole
};

/// All of the state is looked through, as after a crash. Nothing in the folder is made, changed or locked.
/// Errors: state_newer; state_failed where it is damaged, another program's, or can't be read.
Result<StateFound> check_state(const std::filesystem::path& directory);

}  // namespace samsynk::store
