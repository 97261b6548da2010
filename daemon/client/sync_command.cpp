#include <iostream>

#include "client/commands.hpp"
#include "client/language.hpp"
#include "client/progress.hpp"
#include "client/words.hpp"

namespace samsynk::client {
namespace {

namespace json = boost::json;

std::string count_of(const json::value& run, const char* what) {
    return std::to_string(run.at("counts").at(what).to_number<std::size_t>());
}

void print_problems(const json::value& run) {
    for (const auto& company : run.at("problems").as_array()) std::cout << problem_line(company) << "\n";
}

void print_result(const json::value& run) {
    for (const auto& change : run.at("changes").as_array()) std::cout << "  " << change_line(change) << "\n";
    print_problems(run);
    for (const auto& one : run.at("offline").as_array())
        std::cout << "  ! " << text_at(one, "id") << ": " << say_reason(one.at("reason")) << "\n";
    if (run.at("dry_run").as_bool())
        std::cout << translated(N_("Nothing was changed: this was only the plan.")) << "\n";
    const std::string changes = say(N_("{changed} changes."), {{"changed", count_of(run, "changed")}});
    // The last line is the one that is read: of a run that failed it says so, and what was done all the same.
    if (run.at("error").is_object())
        std::cout << say(N_("The run failed: {why}"), {{"why", say_reason(run.at("error"))}})
                  << (count_of(run, "changed") == "0" ? "" : " " + changes) << "\n";
    else
        std::cout << counts_line(run.at("counts")) << " " << changes << "\n";
}

// What happened, and where it does not say so itself, to which company.
std::string event_words(const json::object& event) {
    const std::string words = say_reason({{"message_id", event.at("message_id")}, {"args", event.at("args")}});
    const std::string place = text_at(event.at("fields"), "place");
    return place.empty() || words.find(place) != std::string::npos ? words : place + ": " + words;
}

}  // namespace

int sync_command(const Options& options, const std::vector<std::string>& companies, bool dry_run) {
    ControlSocket socket{options.socket};
    json::array named_companies;
    for (const auto& company : companies) {
        const auto named = resolve_company(socket, company);
        if (named.has_error()) return complain(options, named.error());
        named_companies.emplace_back(named->reference());
    }
    Progress progress{!options.json};
    json::value result;
    const auto heard = [&](const json::object& event) {
        const std::string name = text_at(event, "event");
        if (name == "result") result = event.at("result");
        if (name == "run.progress") {
            const auto& fields = event.at("fields");
            progress.phase(text_at(fields, "phase"), std::stoul(text_at(fields, "done")),
                           std::stoul(text_at(fields, "total")));
        }
        return true;
    };
    const auto streamed = socket.stream(
        "POST", "/v1/sync", json::serialize(json::object{{"companies", named_companies}, {"dry_run", dry_run}}), heard);
    progress.end();
    if (streamed.has_error()) return complain(options, streamed.error());
    if (!result.is_object())
        return complain(options, fail(Errc::daemon_unreachable,
                                      N_("samsynkd ended the connection. See its log: journalctl -u samsynkd")));
    return tell_run(options, result);
}

int run_exit_code(const json::value& run) {
    if (text_at(run, "outcome") != "completed") return run_failed;
    const bool trouble =
        count_of(run, "failed") != "0" || count_of(run, "held") != "0" || !run.at("offline").as_array().empty();
    return trouble ? some_failed : done;
}

int tell_run(const Options& options, const json::value& run) {
    if (options.json)
        std::cout << run << "\n";
    else
        print_result(run);
    return run_exit_code(run);
}

int watch_command(const Options& options) {
    ControlSocket socket{options.socket};
    const auto watched = socket.stream("GET", "/v1/events", "", [&](const json::object& event) {
        if (options.json) {
            std::cout << event << std::endl;
        } else if (text_at(event, "event") != "run.progress") {
            std::cout << local_time(text_at(event, "at")) << "  " << text_at(event, "event") << "  "
                      << event_words(event) << std::endl;
        }
        return true;
    });
    return watched.has_error() ? complain(options, watched.error()) : done;
}

}  // namespace samsynk::client
