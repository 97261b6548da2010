#include <iostream>

#include "client/commands.hpp"
#include "client/formatting.hpp"
#include "client/named_company.hpp"
#include "core/company_name.hpp"

namespace samsynk::client {
namespace {

namespace json = boost::json;

std::string party_word(const std::string& name) {
    if (name == "office") return tr(N_("the office"));
    if (name == "customer") return tr(N_("the customer"));
    return tr(N_("not stated"));
}

std::string awaiting_word(const std::string& name) {
    return name == "terms" ? tr(N_("the terms of the service are to be accepted"))
                           : tr(N_("the customer is to approve"));
}

std::string registration_word(const std::string& name) {
    if (name == "pending") return tr(N_("under way"));
    if (name == "registered") return tr(N_("registered"));
    if (name == "conflict") return tr(N_("registered with another operator"));
    if (name == "rejected") return tr(N_("rejected"));
    return tr(N_("none"));
}

void add_online(Rows& rows, const json::value& online) {
    if (!online.is_object() || !online.at("collaboration").is_object()) return;
    const auto& c = online.at("collaboration");
    if (!text_at(c, "awaiting").empty()) add_row(rows, N_("Waits for:"), awaiting_word(text_at(c, "awaiting")));
    add_row(rows, N_("Office:"), text_at(c.at("office"), "name"));
    add_row(rows, N_("Assignment:"), text_at(c.at("assignment"), "name"));
    add_row(rows, N_("Invoice recipient:"), party_word(text_at(c, "invoice_recipient")));
    add_row(rows, N_("Payee:"), party_word(text_at(c, "payee")));
    add_row(rows, N_("Last day:"), text_at(c, "ends_on"));
    add_row(rows, N_("E-invoice registration:"), registration_word(text_at(online.at("registration"), "receive")));
}

// The number decides which company it is; two names may mean that it is wrong on one side.
void add_online_name(Rows& rows, const json::value& detail) {
    if (!detail.at("online").is_object()) return;
    const std::string online = text_at(detail.at("online"), "name");
    if (!same_company_name(text_at(detail, "name"), online)) add_row(rows, N_("Name online:"), online);
}

std::string other_place(const json::value& other) {
    const std::string place = text_at(other, "installation") + ": " + text_at(other, "place");
    if (other.at("reason").is_object())
        return tr(N_("Also in {place}: {reason}"), {{"place", place}, {"reason", tr_reason(other.at("reason"))}});
    if (text_at(other, "follows").empty())
        return tr(N_("Also in {place}: {state}"), {{"place", place}, {"state", state_word(text_at(other, "state"))}});
    return tr(
        N_("Also in {place}, which follows {leader}: {state}"),
        {{"place", place}, {"leader", text_at(other, "follows")}, {"state", state_word(text_at(other, "state"))}});
}

void print_detail(const json::value& detail) {
    Rows rows;
    add_row(rows, N_("Number:"), pretty_number(detail.at("company")));
    add_online_name(rows, detail);
    add_row(rows, N_("Place:"), text_at(detail, "installation") + ": " + text_at(detail, "place"));
    add_row(rows, N_("Follows:"), text_at(detail, "follows"));
    add_row(rows, N_("State:"), state_word(text_at(detail, "state")));
    add_row(rows, N_("Reason:"), tr_reason(detail.at("reason")));
    add_row(rows, N_("Collaboration:"), collaboration_word(text_at(detail, "collaboration")));
    add_online(rows, detail.at("online"));
    add_row(rows, N_("Last success:"), local_time(text_at(detail, "last_success_at")));
    std::cout << company_label(detail) << "\n" << table(rows) << "\n";
    Rows choices{{"", tr(N_("local")), tr(N_("online")), tr(N_("last agreed"))}};
    for (const char* name : {"send_all_invoices", "receive_invoices"}) {
        const auto& values = detail.at("preferences").at(name);
        choices.push_back({preference_word(name), choice_word(values.at("local")), choice_word(values.at("online")),
                           choice_word(values.at("agreed"))});
    }
    std::cout << table(choices);
    for (const auto& other : detail.at("other_places").as_array()) std::cout << other_place(other) << "\n";
}

Outcome show_command(const Options& options, const Arguments& given) {
    ControlSocket socket{options.socket};
    const auto named = resolve_company(socket, given.company);
    if (named.has_error()) return named.error();
    return call_and_print(options, "GET", "/v1/companies/" + named->in_path(), {}, print_detail, company_exit_code);
}

Outcome set_command(const Options& options, const Arguments& given) {
    json::object choices;
    for (const auto& [key, word] :
         {std::pair{"send_all_invoices", given.send}, std::pair{"receive_invoices", given.receive}}) {
        if (word.empty()) continue;
        const auto choice = read_choice(word);
        if (choice.has_error()) return choice.error();
        choices[key] = *choice;
    }
    if (choices.empty())
        return fail(Errc::bad_request,
                    N_("Say what to choose: --send-all-invoices yes|no, --receive-invoices yes|no."));
    ControlSocket socket{options.socket};
    const auto named = resolve_company(socket, given.company);
    if (named.has_error()) return named.error();
    const std::string target = "/v1/companies/" + named->in_path() + "/preferences";
    return call_and_print(options, "PATCH", target, choices, print_detail, company_exit_code);
}

}  // namespace

void add_show(CommandLine& line) {
    line.add("show", N_("Show one company"), show_command)->add_option("COMPANY", line.given.company)->required();
    auto* set = line.add("set", N_("Choose for one company"), set_command);
    set->add_option("COMPANY", line.given.company)->required();
    set->add_option("--send-all-invoices", line.given.send, "yes|no");
    set->add_option("--receive-invoices", line.given.receive, "yes|no");
}

}  // namespace samsynk::client
