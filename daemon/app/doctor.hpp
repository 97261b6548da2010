// Puts together what the doctor looks at: for a daemon that runs, and for a configuration on its own.
#pragma once

#include "agent/commands.hpp"
#include "app/daemon.hpp"
#include "doctor/network.hpp"

namespace samsynk::app {

/// What must be right before a configuration is taken into use. What can come and go, as a network, hinders no reload.
doctor::Findings examine_before_use(const settings::Settings& settings, const std::filesystem::path& file);

/// What is looked at in files: it may wait for a share, so not on the loop.
struct OnDisk {
    doctor::Findings findings;
    doctor::MadeTransport transport;
};
OnDisk examine_disk(const settings::Settings& settings, const std::filesystem::path& file);

/// All of it, with the daemon's own rights and sign-in. `agent` tries its installations. Nothing in `on_disk`: the
/// files did not answer in time.
boost::asio::awaitable<doctor::Findings> examine_daemon(boost::asio::any_io_executor executor,
                                                        settings::Settings settings, std::optional<OnDisk> on_disk,
                                                        agent::Commands& agent);

/// All of it without a daemon; prints JSON as `POST /v1/doctor` answers. Returns the exit code: 0, or 1 where something
/// does not work, 2 where the configuration has mistakes (then these are on standard error).
int examine_configuration(const Options& options);

}  // namespace samsynk::app
