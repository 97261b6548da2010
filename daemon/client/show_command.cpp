#include <iostream>

#include "client/commands.hpp"
#include "client/language.hpp"
#include "client/table.hpp"
#include "client/words.hpp"
#include "core/company_name.hpp"

namespace samsynk::client {
namespace {

namespace json = boost::json;

std::string party_word(const std::string& name) {
    if (name == "office") return translated(N_("the office"));
    if (name == "customer") return translated(N_("the customer"));
    return translated(N_("not stated"));
}

std::string awaiting_word(const std::string& name) {
    return name == "terms" ? translated(N_("the terms of the service are to be accepted"))
                           : translated(N_("the customer is to approve"));
}

std::string registration_word(const std::string& name) {
    if (name == "pending") return translated(N_("under way"));
    if (name == "registered") return translated(N_("registered"));
    if (name == "conflict") return translated(N_("registered with another operator"));
    if (name == "rejected") return translated(N_("rejected"));
    return translated(N_("none"));
}

void add(std::vector<std::vector<std::string>>& rows, const std::string& heading, const std::string& value) {
    if (!value.empty()) rows.push_back({heading, value});
}

void add_online(std::vector<std::vector<std::string>>& rows, const json::value& online) {
    if (!online.is_object() || !online.at("collaboration").is_object()) return;
    const auto& c = online.at("collaboration");
    if (!text_at(c, "awaiting").empty()) add(rows, translated(N_("Waits for:")), awaiting_word(text_at(c, "awaiting")));
    add(rows, translated(N_("Office:")), text_at(c.at("office"), "name"));
    add(rows, translated(N_("Assignment:")), text_at(c.at("assignment"), "name"));
    add(rows, translated(N_("Invoice recipient:")), party_word(text_at(c, "invoice_recipient")));
    add(rows, translated(N_("Payee:")), party_word(text_at(c, "payee")));
    add(rows, translated(N_("Last day:")), text_at(c, "ends_on"));
    add(rows, translated(N_("E-invoice registration:")),
        registration_word(text_at(online.at("registration"), "receive")));
}

// The number decides which company it is; two names may mean that it is wrong on one side.
void add_online_name(std::vector<std::vector<std::string>>& rows, const json::value& detail) {
    if (!detail.at("online").is_object()) return;
    const std::string online = text_at(detail.at("online"), "name");
    if (!same_company_name(text_at(detail, "name"), online)) add(rows, translated(N_("Name online:")), online);
}

std::string other_place(const json::value& other) {
    const std::string place = text_at(other, "installation") + ": " + text_at(other, "place");
    if (other.at("reason").is_object())
        return say(N_("Also in {place}: {reason}"), {{"place", place}, {"reason", say_reason(other.at("reason"))}});
    if (text_at(other, "follows").empty())
        return say(N_("Also in {place}: {state}"), {{"place", place}, {"state", state_word(text_at(other, "state"))}});
    return say(
        N_("Also in {place}, which follows {leader}: {state}"),
        {{"place", place}, {"leader", text_at(other, "follows")}, {"state", state_word(text_at(other, "state"))}});
}

void print_detail(const json::value& detail) {
    std::vector<std::vector<std::string>> rows;
    add(rows, translated(N_("Number:")), pretty_number(detail.at("company")));
    add_online_name(rows, detail);
    add(rows, translated(N_("Place:")), text_at(detail, "installation") + ": " + text_at(detail, "place"));
    add(rows, translated(N_("Follows:")), text_at(detail, "follows"));
    add(rows, translated(N_("State:")), state_word(text_at(detail, "state")));
    add(rows, translated(N_("Reason:")), say_reason(detail.at("reason")));
    add(rows, translated(N_("Collaboration:")), collaboration_word(text_at(detail, "collaboration")));
    add_online(rows, detail.at("online"));
    add(rows, translated(N_("Last success:")), local_time(text_at(detail, "last_success_at")));
    std::cout << company_label(detail) << "\n" << table(rows) << "\n";
    std::vector<std::vector<std::string>> choices{
        {"", translated(N_("local")), translated(N_("online")), translated(N_("last agreed"))}};
    for (const char* name : {"send_all_invoices", "receive_invoices"}) {
        const auto& values = detail.at("preferences").at(name);
        choices.push_back({preference_word(name), choice_word(values.at("local")), choice_word(values.at("online")),
                           choice_word(values.at("agreed"))});
    }
    std::cout << table(choices);
    for (const auto& other : detail.at("other_places").as_array()) std::cout << other_place(other) << "\n";
}

int print(const Options& options, const Result<json::value>& detail) {
    if (detail.has_error()) return complain(options, detail.error());
    if (options.json)
        std::cout << *detail << "\n";
    else
        print_detail(*detail);
    const std::string state = text_at(*detail, "state");
    return state == "failed" || state == "held" ? some_failed : done;
}

}  // namespace

int show_command(const Options& options, const std::string& company) {
    ControlSocket socket{options.socket};
    const auto named = resolve_company(socket, company);
    if (named.has_error()) return complain(options, named.error());
    return print(options, socket.get("/v1/companies/" + named->in_path()));
}

int set_command(const Options& options, const std::string& company, const std::string& send,
                const std::string& receive) {
    ControlSocket socket{options.socket};
    json::object choices;
    for (const auto& [key, word] : {std::pair{"send_all_invoices", send}, std::pair{"receive_invoices", receive}}) {
        if (word.empty()) continue;
        const auto choice = read_choice(word);
        if (choice.has_error()) return complain(options, choice.error());
        choices[key] = *choice;
    }
    if (choices.empty())
        return complain(
            options,
            fail(Errc::bad_request, N_("Say what to choose: --send-all-invoices yes|no, --receive-invoices yes|no.")));
    const auto named = resolve_company(socket, company);
    if (named.has_error()) return complain(options, named.error());
    const std::string address = "/v1/companies/" + named->in_path() + "/preferences";
    return print(options, socket.call("PATCH", address, json::serialize(choices)));
}

}  // namespace samsynk::client
