// What was done, and the way back: history, revert.
#include <iostream>

#include "client/commands.hpp"
#include "client/formatting.hpp"
#include "client/named_company.hpp"

namespace samsynk::client {
namespace {

namespace json = boost::json;

std::string trigger_word(const std::string& trigger) {
    if (trigger == "start") return tr(N_("at start"));
    if (trigger == "interval") return tr(N_("by itself"));
    if (trigger == "retry") return tr(N_("tried again"));
    if (trigger == "once") return tr(N_("samsynkd --once"));
    if (trigger == "manual") return tr(N_("asked for"));
    if (trigger == "change") return tr(N_("after a change"));
    return tr(N_("unknown"));
}

std::string outcome_word(const json::value& run) {
    const std::string outcome = text_at(run, "outcome");
    if (outcome == "completed") return {};
    if (outcome == "failed") return tr(N_("failed: {why}"), {{"why", tr_reason(run.at("error"))}});
    if (outcome == "cancelled") return tr(N_("ended before its time"));
    return tr(N_("cut off; the next run went on with it"));
}

void print_past_run(const json::value& run) {
    const std::string by = text_at(run, "by"), outcome = outcome_word(run);
    std::cout << local_time(text_at(run, "started_at")) << "  " << text_at(run, "run") << "  "
              << trigger_word(text_at(run, "trigger")) << (by.empty() ? "" : " " + tr(N_("by {name}"), {{"name", by}}))
              << (outcome.empty() ? "" : "  " + outcome) << "\n";
    for (const auto& change : run.at("changes").as_array())
        std::cout << "  " << company_label(change) << ": " << change_words(change) << "\n";
}

void print_history(const json::value& history) {
    if (history.at("runs").as_array().empty()) print_line(N_("Nothing has been changed yet."));
    for (const auto& run : history.at("runs").as_array()) print_past_run(run);
}

void print_reverted(const json::value& reverted) {
    for (const auto& one : reverted.at("skipped").as_array())
        std::cout << "  ! " << company_label(one) << ": " << preference_word(text_at(one, "preference")) << ": "
                  << tr_reason(one.at("reason")) << "\n";
    print_line(N_("{count} choices were made the other way."), {{"count", count_at(reverted, "reverted")}});
    if (reverted.at("run").is_object()) print_run(reverted.at("run"));
}

Outcome history_command(const Options& options, const Arguments& given) {
    std::string target = "/v1/history?limit=" + std::to_string(given.limit);
    if (!given.company.empty()) {
        ControlSocket socket{options.socket};
        const auto number = resolve_number(socket, given.company);
        if (number.has_error()) return number.error();
        target += "&company=" + *number;
    }
    return call_and_print(options, "GET", target, {}, print_history);
}

ExitCode exit_code_of_revert(const json::value& reverted) {
    const auto& following = reverted.at("run");
    const ExitCode code = following.is_object() ? run_exit_code(following) : done;
    return code == done && !reverted.at("skipped").as_array().empty() ? some_failed : code;
}

Outcome revert_command(const Options& options, const Arguments& given) {
    if (!is_id(given.run))
        return fail(Errc::bad_request, N_("“{id}” is not the id of a run. See: samsynk history"), {{"id", given.run}});
    return call_and_print(options, "POST", "/v1/history/" + given.run + "/revert", {}, print_reverted,
                          exit_code_of_revert);
}

}  // namespace

void add_history(CommandLine& line) {
    auto* history = line.add("history", N_("What was changed, newest first"), history_command);
    history->add_option("COMPANY", line.given.company);
    history->add_option("--limit", line.given.limit, tr(N_("How many runs")))->capture_default_str();
    line.add("revert", N_("Make the opposite changes of a run"), revert_command)
        ->add_option("RUN", line.given.run)
        ->required();
}

}  // namespace samsynk::client
