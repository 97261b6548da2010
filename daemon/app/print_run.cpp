#include "app/print_run.hpp"

#include <cstdio>

#include "core/plain_text.hpp"

namespace samsynk::app {
namespace {

std::string in_words(sync::Choice choice) { return !choice ? "not chosen" : *choice ? "true" : "false"; }

std::string line_of(const agent::Change& change) {
    const std::string name = plain(change.name.empty() ? change.place : change.name);
    if (change.kind == agent::Change::Kind::collaboration)
        return name + ": collaboration " + std::string{name_of(change.collaboration)};
    return name + ": " + std::string{name_of(*change.preference)} + " " + in_words(change.from) + " -> " +
           in_words(change.to) +
           (change.kind == agent::Change::Kind::to_local ? " (to the local program)" : " (to the online service)");
}

}  // namespace

void print_run(const agent::RunResult& result) {
    for (const agent::Change& change : result.changes) std::printf("%s\n", line_of(change).c_str());
    if (result.changed > result.changes.size())
        std::printf("... and %zu more\n", result.changed - result.changes.size());
    for (const agent::CompanyStatus& problem : result.problems)
        if (problem.reason)
            std::printf("%s (%s): %s\n", plain(problem.place()).c_str(), std::string{name_of(problem.state)}.c_str(),
                        plain(to_text(problem.reason->message)).c_str());
    for (const agent::InstallationStatus& installation : result.offline)
        std::printf("%s (offline): %s\n", installation.id.c_str(),
                    plain(to_text(installation.trouble->message)).c_str());
    if (result.error) std::printf("The run failed: %s\n", plain(to_text(result.error->message)).c_str());
    std::printf("%s%zu companies: %zu synced, %zu waiting, %zu held, %zu failed, %zu ignored; %zu changes\n",
                result.dry_run ? "Dry run, nothing was changed. " : "", result.companies, result.synced, result.waiting,
                result.held, result.failed, result.ignored, result.changed);
}

}  // namespace samsynk::app
