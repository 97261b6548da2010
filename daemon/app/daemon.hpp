// The composition root: builds everything once, lets it run, and takes it down in order.
#pragma once

#include <filesystem>

namespace samsynk::app {

struct Options {
    std::filesystem::path config = "/etc/samsynk/samsynk.yaml";
    bool once = false;
    bool dry_run = false;
    std::filesystem::path backup;  ///< not empty: only copy the state there; `-` is standard output
    bool restore = false;          ///< only put the state in place that comes from standard input
    bool doctor = false;           ///< only look whether all is in order, and print what was found
};

/// The whole life of samsynkd. Returns its exit code: 0 done, 1 some companies failed or are held, 2 a bad
/// configuration or a state of a newer version (what a restart can't cure), 5 the run failed as a whole.
int run_daemon(const Options& options);

}  // namespace samsynk::app
