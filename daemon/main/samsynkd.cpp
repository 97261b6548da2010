// samsynkd: the synchronization daemon.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "app/daemon.hpp"

int main(int argc, char** argv) try {
    samsynk::app::Options options;
    CLI::App command{"Keeps collaborations and invoice preferences the same locally and online."};
    command.set_version_flag("--version", "samsynkd " SAMSYNK_VERSION);
    command.add_option("--config", options.config, "The configuration file")->capture_default_str();
    command.add_flag("--once", options.once, "Make one run and exit");
    command.add_flag("--dry-run", options.dry_run, "Print the plan of one run and change nothing");
    command.add_option("--backup", options.backup, "Copy the state to a file (- for standard output), and exit");
    command.add_flag("--restore", options.restore, "Put the state in place that comes from standard input, and exit");
    command.add_flag("--doctor", options.doctor, "Look whether all is in order, print it as JSON, and exit");
    try {
        command.parse(argc, argv);
    } catch (const CLI::ParseError& problem) {
        return command.exit(problem) == 0 ? 0 : 2;
    }
    options.once = options.once || options.dry_run;
    return samsynk::app::run_daemon(options);
} catch (const std::exception& problem) {
    std::fprintf(stderr, "samsynkd: %s\n", problem.what());
    return 5;
}
