// Looks at everything that a run needs, one thing at a time, and says for each how it is and what to do.
#pragma once

#include <chrono>
#include <filesystem>
#include <vector>

#include "agent/ports.hpp"
#include "core/finding.hpp"
#include "settings/settings.hpp"

namespace samsynk::doctor {

using Findings = std::vector<Finding>;

/// The files that the configuration names, and itself: are they there, who may read them. May wait for a share.
Findings examine_files(const settings::Settings& settings, const std::filesystem::path& file);

/// The folder of the state: may it be written, is it on a local disk, is there room.
Findings examine_state(const std::filesystem::path& directory);

/// The machine: is its clock kept right.
Findings examine_system();

/// What an installation said of itself when it was tried.
Findings of_installation(const std::string& id, const std::vector<agent::Probe>& probes);

/// What the daemon's own runs have met last: it may be what no trial shows.
Findings of_runs(const Reason& service_trouble, const Reason& last_error);

/// How the daemon is signed in, and for how long.
Findings of_sign_in(const agent::SignInStatus& status);

/// How long a certificate or a sign-in should still be good: less is a warning, or an error.
inline constexpr std::chrono::hours soon{14 * 24}, very_soon{3 * 24};
Severity by_time_left(std::chrono::seconds left);

}  // namespace samsynk::doctor
