#include <iostream>

#include "client/commands.hpp"
#include "client/formatting.hpp"
#include "client/named_company.hpp"
#include "client/terminal.hpp"

namespace samsynk::client {
namespace {

namespace json = boost::json;

// What happened, and where it does not say so itself, to which company.
std::string event_words(const json::object& event) {
    const std::string words = tr_reason({{"message_id", event.at("message_id")}, {"args", event.at("args")}});
    const std::string place = text_at(event.at("fields"), "place");
    return place.empty() || words.find(place) != std::string::npos ? words : place + ": " + words;
}

Outcome sync_command(const Options& options, const Arguments& given) {
    ControlSocket socket{options.socket};
    json::array named_companies;
    for (const auto& company : given.companies) {
        const auto named = resolve_company(socket, company);
        if (named.has_error()) return named.error();
        named_companies.emplace_back(named->reference());
    }
    Progress progress{!options.json};
    const auto heard = [&](const json::object& event) {
        if (text_at(event, "event") != "run.progress") return;
        const auto& fields = event.at("fields");
        progress.phase(text_at(fields, "phase"), std::stoul(text_at(fields, "done")),
                       std::stoul(text_at(fields, "total")));
    };
    const json::object asked{{"companies", named_companies}, {"dry_run", given.dry_run}};
    const auto result = stream_to_result(socket, "/v1/sync", json::serialize(asked), heard);
    progress.end();
    if (result.has_error()) return result.error();
    print_answer(options, *result, print_run);
    return run_exit_code(*result);
}

Outcome watch_command(const Options& options, const Arguments&) {
    ControlSocket socket{options.socket};
    const auto watched = socket.stream("GET", "/v1/events", "", [&](const json::object& event) {
        if (options.json)
            print_json(event);
        else if (text_at(event, "event") != "run.progress")
            std::cout << local_time(text_at(event, "at")) << "  " << text_at(event, "event") << "  "
                      << event_words(event) << "\n";
        std::cout.flush();
        return true;
    });
    if (watched.has_error()) return watched.error();
    return done;
}

}  // namespace

void add_sync(CommandLine& line) {
    auto* sync = line.add("sync", N_("Sync now, all companies or those named"), sync_command)->alias("synkronisera");
    sync->add_option("COMPANY", line.given.companies);
    sync->add_flag("--dry-run", line.given.dry_run, tr(N_("Show the plan and change nothing")));
}

void add_watch(CommandLine& line) { line.add("watch", N_("Follow what happens"), watch_command); }

}  // namespace samsynk::client
