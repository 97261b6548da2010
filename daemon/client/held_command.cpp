// What waits for a person, and the person's answer.
#include <iostream>

#include "client/commands.hpp"
#include "client/formatting.hpp"

namespace samsynk::client {
namespace {

namespace json = boost::json;

constexpr std::size_t most_rows = 20;

std::string why(const json::value& hold) {
    const std::string kind = text_at(hold, "kind");
    const std::string count = count_at(hold, "count");
    if (kind == "mass_change")
        return text_at(hold, "planned") == "online"
                   ? tr(N_("{count} local choices would be overwritten at once"), {{"count", count}})
                   : tr(N_("{count} online choices would be overwritten at once"), {{"count", count}});
    if (kind == "first_contact") return tr(N_("both sides chose before Samsynk came"));
    if (kind == "base_lost") return tr(N_("the sides differ, and what was last agreed is lost"));
    if (kind == "service_restored") return tr(N_("the online service was restored and shows other choices"));
    if (kind == "unclear_write") return tr(N_("a change that was sent long ago never got a clear answer"));
    if (kind == "followed_choice") return tr(N_("a choice was made in a place that follows another one"));
    if (kind == "new_company") return tr(N_("a place shows a number that is new there, and waits for a yes"));
    return tr(N_("the place shows another organisation number than before"));
}

void print_hold(const json::value& hold) {
    print_line(N_("{id}: {why} ({installation}, since {since})"), {{"id", text_at(hold, "id")},
                                                                   {"why", why(hold)},
                                                                   {"installation", text_at(hold, "installation")},
                                                                   {"since", local_time(text_at(hold, "since"))}});
    Rows rows{{"", tr(N_("company")), tr(N_("choice")), tr(N_("local")), tr(N_("online"))}};
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
        print_line(N_("  … and {count} more (--json shows all)"), {{"count", std::to_string(count - most_rows)}});
    const bool planned = hold.at("planned").is_string();
    print_line(planned ? N_("  Let it happen: samsynk approve {id}")
                       : N_("  Decide: samsynk approve {id} --take local, or --take online"),
               {{"id", text_at(hold, "id")}});
}

void print_holds(const json::value& held) {
    if (held.at("held").as_array().empty()) print_line(N_("Nothing waits for a decision."));
    for (const auto& hold : held.at("held").as_array()) print_hold(hold);
}

Outcome held_command(const Options& options, const Arguments&) {
    return call_and_print(options, "GET", "/v1/held", {}, print_holds, [](const json::value& held) {
        return held.at("held").as_array().empty() ? done : some_failed;
    });
}

Outcome approve_command(const Options& options, const Arguments& given) {
    const std::string& id = given.hold;
    if (!is_id(id))
        return fail(Errc::bad_request, N_("“{id}” is not the id of anything held. See: samsynk held"), {{"id", id}});
    const json::object answer = given.take.empty() ? json::object{} : json::object{{"take", given.take}};
    return call_and_print(options, "POST", "/v1/held/" + id + "/approve", answer, print_run, run_exit_code);
}

}  // namespace

void add_held(CommandLine& line) {
    line.add("held", N_("What waits for a decision"), held_command);
    auto* approve = line.add("approve", N_("Decide what is held"), approve_command);
    approve->add_option("ID", line.given.hold)->required();
    approve->add_option("--take", line.given.take, tr(N_("Whose choices are taken")))
        ->check(CLI::IsMember({"local", "online"}));
}

}  // namespace samsynk::client
