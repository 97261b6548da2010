// Starts a program as a child in a process group of its own, with nothing of ours but three streams.
#pragma once

#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "posix/unique_fd.hpp"

namespace samsynk::installations {

/// A child that runs. Where nobody takes it over, it is killed and reaped with this.
struct SpawnedChild {
    SpawnedChild() = default;
    SpawnedChild(const SpawnedChild&) = delete;
    SpawnedChild& operator=(const SpawnedChild&) = delete;
    ~SpawnedChild();

    pid_t pid = -1;           ///< also its process group; taken over by setting it to -1
    posix::UniqueFd process;  ///< readable when it has ended
    posix::UniqueFd input;    ///< a socket: writing to it raises no signal
    posix::UniqueFd output, errors;
};

struct SpawnWish {
    std::vector<std::string> command;                // [0] an absolute path
    std::map<std::string, std::string> environment;  // besides PATH, HOME, LANG=C.UTF-8, TZ and a mark
};

/// May block as long as the file system on which the program lies. Error installation_offline.
Result<void> spawn(const SpawnWish& wish, SpawnedChild& child);

/// The error for an `errno`. Its sentence lacks whose it is: {path} and {clock} (see bridge.cpp).
Error can_not_start(int why);

/// To the whole process group, while its first process has not been reaped.
void signal_group(pid_t pid, int signal);
/// Waits until the child has ended, at most so long, kills what is left of its group, and reaps it. False: it has not
/// ended.
bool reap(pid_t pid, int process, int milliseconds, int& status);

}  // namespace samsynk::installations
