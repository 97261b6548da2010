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
    const char* const dry = result.dry_run ? "Dry run, nothing was changed. " : "";
    // The last line is the one that is read.
    if (result.error) {
        std::printf("%sThe run failed: %s\n", dry, plain(to_text(result.error->message)).c_str());
        return;
    }
    std::printf("%s%zu companies: %zu synced, %zu waiting, %zu held, %zu failed, %zu ignored", dry, result.companies,
                result.synced, result.waiting, result.held, result.failed, result.ignored);
    if (result.pending > 0) std::printf(", %zu not looked at yet", result.pending);
    if (result.offline_companies > 0) std::printf(", %zu offline", result.offline_companies);
    std::printf("; %zu changes\n", result.changed);
}

}  // namespace samsynk::app
