// Keeps what is in the daemon's memory out of core dumps, and other users' debuggers out of the daemon.
#pragma once

namespace samsynk::app {

/// From here on the process leaves no core, neither in a file nor to a collector such as systemd-coredump, and only
/// root may look into it.
void keep_secrets_in();

}  // namespace samsynk::app
