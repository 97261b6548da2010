// What was done, and the way back: history, revert.
#include <iostream>

#include "client/commands.hpp"
#include "client/language.hpp"
#include "client/words.hpp"

namespace samsynk::client {
namespace {

namespace json = boost::json;

std::string trigger_word(const std::string& trigger) {
    if (trigger == "start") return translated(N_("at start"));
    if (trigger == "interval") return translated(N_("by itself"));
    if (trigger == "retry") return translated(N_("tried again"));
    if (trigger == "once") return translated(N_("samsynkd --once"));
    if (trigger == "manual") return translated(N_("asked for"));
    if (trigger == "change") return translated(N_("after a change"));
    return translated(N_("unknown"));
}

std::string outcome_word(const json::value& run) {
    const std::string outcome = text_at(run, "outcome");
    if (outcome == "completed") return {};
    if (outcome == "failed") return say(N_("failed: {why}"), {{"why", say_reason(run.at("error"))}});
    if (outcome == "cancelled") return translated(N_("ended before its time"));
    return translated(N_("cut off; the next run went on with it"));
}

void print_run(const json::value& run) {
    const std::string by = text_at(run, "by"), outcome = outcome_word(run);
    std::cout << local_time(text_at(run, "started_at")) << "  " << text_at(run, "run") << "  "
              << trigger_word(text_at(run, "trigger")) << (by.empty() ? "" : " " + say(N_("by {name}"), {{"name", by}}))
              << (outcome.empty() ? "" : "  " + outcome) << "\n";
    for (const auto& change : run.at("changes").as_array())
        std::cout << "  " << company_label(change) << ": " << change_words(change) << "\n";
}

void print_reverted(const json::value& reverted) {
    for (const auto& one : reverted.at("skipped").as_array())
        std::cout << "  ! " << company_label(one) << ": " << preference_word(text_at(one, "preference")) << ": "
                  << say_reason(one.at("reason")) << "\n";
    std::cout << say(N_("{count} choices were made the other way."),
                     {{"count", std::to_string(reverted.at("reverted").to_number<std::size_t>())}})
              << "\n";
}

}  // namespace

int history_command(const Options& options, const std::string& company, unsigned limit) {
    ControlSocket socket{options.socket};
    std::string target = "/v1/history?limit=" + std::to_string(limit);
    if (!company.empty()) {
        const auto number = resolve_number(socket, company);
        if (number.has_error()) return complain(options, number.error());
        target += "&company=" + *number;
    }
    const auto history = socket.get(target);
    if (history.has_error()) return complain(options, history.error());
    const auto& runs = history->at("runs").as_array();
    if (options.json)
        std::cout << *history << "\n";
    else if (runs.empty())
        std::cout << translated(N_("Nothing has been changed yet.")) << "\n";
    else
        for (const auto& run : runs) print_run(run);
    return done;
}

int revert_command(const Options& options, const std::string& run) {
    if (run.empty() || run.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != std::string::npos)
        return complain(
            options, fail(Errc::bad_request, N_("“{id}” is not the id of a run. See: samsynk history"), {{"id", run}}));
    ControlSocket socket{options.socket};
    const auto reverted = socket.call("POST", "/v1/history/" + run + "/revert", "");
    if (reverted.has_error()) return complain(options, reverted.error());
    if (options.json)
        std::cout << *reverted << "\n";
    else
        print_reverted(*reverted);
    const auto& following = reverted->at("run");
    const int code = !following.is_object() ? done
                     : options.json         ? run_exit_code(following)
                                            : tell_run(options, following);
    return code == done && !reverted->at("skipped").as_array().empty() ? some_failed : code;
}

}  // namespace samsynk::client
