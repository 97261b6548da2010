// Why a company's choices are as they are: what each side has, who changed it when, and by which rule.
#include <iostream>

#include "client/commands.hpp"
#include "client/formatting.hpp"
#include "client/named_company.hpp"

namespace samsynk::client {
namespace {

namespace json = boost::json;

std::string rule_sentence(const std::string& rule) {
    if (rule == "agree") return tr(N_("Both sides are equal."));
    if (rule == "fill_local") return tr(N_("It is chosen online and not locally: it is fetched."));
    if (rule == "fill_online") return tr(N_("It is chosen locally and not online: it is sent."));
    if (rule == "online_changed") return tr(N_("The online choice has changed since both were equal: it is fetched."));
    if (rule == "local_changed") return tr(N_("The local choice has changed since both were equal: it is sent."));
    if (rule == "first_contact")
        return tr(N_("Both sides chose differently, and were never equal: sync.first_contact decides."));
    return tr(N_("A person decided."));
}

// Of a place that follows another one: that one's value stands for what is chosen online.
std::string following_sentence(const json::value& preference) {
    const std::string rule = text_at(preference, "rule"), action = text_at(preference, "action");
    if (action == "wait") return tr(N_("It is written when the place that leads is settled."));
    if (rule == "agree" || rule == "fill_local" || rule == "online_changed") return rule_sentence(rule);
    return tr(N_("It differs from what is chosen in the place that leads: a person must decide."));
}

std::string action_sentence(const json::value& preference) {
    const std::string action = text_at(preference, "action");
    if (action == "wait") return " " + tr(N_("It waits for the collaboration to become active."));
    if (action == "hold") return " " + tr(N_("A person must decide: samsynk held"));
    return {};
}

std::string why_changed(const std::string& rule) {
    if (rule == "fill_local" || rule == "online_changed") return tr(N_("because it was chosen online"));
    if (rule == "fill_online" || rule == "local_changed") return tr(N_("because it was chosen locally"));
    if (rule == "first_contact") return tr(N_("by sync.first_contact"));
    if (rule == "approved") return tr(N_("because a person decided so"));
    return {};
}

void print_last_change(const json::value& change) {
    if (!change.is_object()) return;
    const std::string why = why_changed(text_at(change, "rule"));
    std::cout << "  " << local_time(text_at(change, "at")) << "  " << change_words(change)
              << (why.empty() ? "" : ", " + why) << "\n";
    std::cout << "    " << tr(N_("run {run}"), {{"run", text_at(change, "run")}});
    for (const auto& [key, words] :
         {std::pair{"operation_id", N_("operation {id}")}, {"request_id", N_("request {id}")}})
        if (const std::string id = text_at(change, key); !id.empty()) std::cout << ", " << tr(words, {{"id", id}});
    std::cout << "\n";
}

void print_preference(const std::string& name, const json::value& preference, bool follows) {
    std::cout << "\n" << preference_word(name) << "\n";
    std::cout << "  "
              << tr(N_("local: {local}, online: {online}, last agreed: {agreed}"),
                    {{"local", choice_word(preference.at("local"))},
                     {"online", choice_word(preference.at("online"))},
                     {"agreed", choice_word(preference.at("agreed"))}})
              << "\n";
    std::cout << "  "
              << (follows ? following_sentence(preference)
                          : rule_sentence(text_at(preference, "rule")) + action_sentence(preference))
              << "\n";
    if (preference.at("under_way").is_object())
        std::cout << "  "
                  << tr(N_("Sent {at} without a clear answer yet, as operation {id}. It is asked for again."),
                        {{"at", local_time(text_at(preference.at("under_way"), "sent_at"))},
                         {"id", text_at(preference.at("under_way"), "operation_id")}})
                  << "\n";
    print_last_change(preference.at("last_change"));
}

std::string claim_line(const json::value& claim) {
    if (!claim.is_object()) return {};
    const std::string status = text_at(claim, "status");
    if (status == "granted") return tr(N_("this installation's"));
    if (status == "released") return tr(N_("given up"));
    if (status == "held")
        return tr(N_("held by installation {holder} on {host}"),
                  {{"holder", text_at(claim, "holder")}, {"host", text_at(claim, "holder_host")}});
    return tr(N_("the account does not have the company"));
}

std::string parked_line(const json::value& parked) {
    if (!parked.is_object()) return {};
    const std::string next = text_at(parked, "next_try_at");
    return tr(next.empty() ? N_("since {since}; looked at again in each run")
                           : N_("since {since}; attempt {failures}, the next one {next}"),
              {{"since", local_time(text_at(parked, "since"))},
               {"failures", count_at(parked, "failures")},
               {"next", local_time(next)}});
}

void print_explanation(const json::value& explanation) {
    Rows rows;
    add_row(rows, N_("Number:"), pretty_number(explanation.at("company")));
    add_row(rows, N_("Place:"), text_at(explanation, "installation") + ": " + text_at(explanation, "place"));
    add_row(rows, N_("Follows:"), text_at(explanation, "follows"));
    add_row(rows, N_("Known from:"), text_at(explanation, "identity_source"));
    for (const auto& sentence : explanation.at("identity_trail").as_array()) rows.push_back({"", tr_reason(sentence)});
    add_row(rows, N_("State:"), state_word(text_at(explanation, "state")));
    add_row(rows, N_("Reason:"), tr_reason(explanation.at("reason")));
    add_row(rows, N_("Failing:"), parked_line(explanation.at("parked")));
    add_row(rows, N_("Claim:"), claim_line(explanation.at("claim")));
    add_row(rows, N_("Collaboration:"), collaboration_word(text_at(explanation, "collaboration")));
    add_row(rows, N_("Local choices last changed:"), local_time(text_at(explanation, "local_changed_at")));
    if (explanation.at("online").is_object())
        add_row(rows, N_("Online record last changed:"), local_time(text_at(explanation.at("online"), "updated_at")));
    add_row(rows, N_("Last success:"), local_time(text_at(explanation, "last_success_at")));
    std::cout << company_label(explanation) << "\n" << table(rows);
    for (const char* name : {"send_all_invoices", "receive_invoices"})
        print_preference(name, explanation.at("preferences").at(name), !text_at(explanation, "follows").empty());
}

Outcome explain_command(const Options& options, const Arguments& given) {
    ControlSocket socket{options.socket};
    const auto named = resolve_company(socket, given.company);
    if (named.has_error()) return named.error();
    const std::string target = "/v1/companies/" + named->in_path() + "/explain";
    return call_and_print(options, "GET", target, {}, print_explanation, company_exit_code);
}

}  // namespace

void add_explain(CommandLine& line) {
    line.add("explain", N_("Why a company is as it is"), explain_command)
        ->add_option("COMPANY", line.given.company)
        ->required();
}

}  // namespace samsynk::client
