// What waits for a person, and the person's answer.
#include <iostream>

#include "client/commands.hpp"
#include "client/language.hpp"
#include "client/table.hpp"
#include "client/words.hpp"

namespace samsynk::client {
namespace {

namespace json = boost::json;

constexpr std::size_t most_rows = 20;

std::string why(const json::value& hold) {
    const std::string kind = text_at(hold, "kind");
    const std::string count = std::to_string(hold.at("count").to_number<std::size_t>());
    if (kind == "mass_change")
        return text_at(hold, "planned") == "online"
                   ? say(N_("{count} local choices would be overwritten at once"), {{"count", count}})
                   : say(N_("{count} online choices would be overwritten at once"), {{"count", count}});
    if (kind == "first_contact") return translated(N_("both sides chose before Samsynk came"));
    if (kind == "base_lost") return translated(N_("the sides differ, and what was last agreed is lost"));
    if (kind == "service_restored") return translated(N_("the online service was restored and shows other choices"));
    if (kind == "unclear_write") return translated(N_("a change that was sent long ago never got a clear answer"));
    if (kind == "followed_choice") return translated(N_("a choice was made in a place that follows another one"));
    if (kind == "new_company") return translated(N_("a place shows a number that is new there, and waits for a yes"));
    return translated(N_("the place shows another organisation number than before"));
}

void print_hold(const json::value& hold) {
    std::cout << say(N_("{id}: {why} ({installation}, since {since})"),
                     {{"id", text_at(hold, "id")},
                      {"why", why(hold)},
                      {"installation", text_at(hold, "installation")},
                      {"since", local_time(text_at(hold, "since"))}})
              << "\n";
    std::vector<std::vector<std::string>> rows{
        {"", translated(N_("company")), translated(N_("choice")), translated(N_("local")), translated(N_("online"))}};
    for (const auto& row : hold.at("rows").as_array()) {
        if (rows.size() > most_rows) break;
        const bool place = row.at("preference").is_null();
        rows.push_back({"", company_label(row),
                        place ? pretty_number(row.at("company")) : preference_word(text_at(row, "preference")),
                        place ? "" : choice_word(row.at("local")), place ? "" : choice_word(row.at("online"))});
    }
    std::cout << table(rows);
    const auto count = hold.at("count").to_number<std::size_t>();
    if (count > most_rows)
        std::cout << say(N_("  … and {count} more (--json shows all)"), {{"count", std::to_string(count - most_rows)}})
                  << "\n";
    const bool planned = hold.at("planned").is_string();
    std::cout << say(planned ? N_("  Let it happen: samsynk approve {id}")
                             : N_("  Decide: samsynk approve {id} --take local, or --take online"),
                     {{"id", text_at(hold, "id")}})
              << "\n";
}

}  // namespace

int held_command(const Options& options) {
    ControlSocket socket{options.socket};
    const auto held = socket.get("/v1/held");
    if (held.has_error()) return complain(options, held.error());
    const auto& list = held->at("held").as_array();
    if (options.json)
        std::cout << *held << "\n";
    else if (list.empty())
        std::cout << translated(N_("Nothing waits for a decision.")) << "\n";
    else
        for (const auto& hold : list) print_hold(hold);
    return list.empty() ? done : some_failed;
}

int approve_command(const Options& options, const std::string& id, const std::string& take) {
    if (id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != std::string::npos || id.empty())
        return complain(options, fail(Errc::bad_request, N_("“{id}” is not the id of anything held. See: samsynk held"),
                                      {{"id", id}}));
    ControlSocket socket{options.socket};
    const json::object answer = take.empty() ? json::object{} : json::object{{"take", take}};
    const auto run = socket.call("POST", "/v1/held/" + id + "/approve", json::serialize(answer));
    return run.has_error() ? complain(options, run.error()) : tell_run(options, *run);
}

}  // namespace samsynk::client
