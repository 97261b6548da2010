#include <iostream>

#include "client/commands.hpp"
#include "client/formatting.hpp"

namespace samsynk::client {
namespace {

namespace json = boost::json;

std::string or_dash(const std::string& text) { return text.empty() ? "–" : text; }

std::string service_line(const json::value& service) {
    const std::string state = text_at(service, "state");
    if (state == "ok") return tr(N_("answers"));
    if (state == "failing") return tr_reason(service.at("reason"));
    return tr(N_("not tried yet"));
}

std::string sign_in_line(const json::value& sign_in) {
    const std::string state = text_at(sign_in, "state");
    std::string line = state == "required" ? tr_reason(sign_in.at("reason"))
                       : state == "ok"     ? tr(N_("in order"))
                                           : tr(N_("not tried yet"));
    if (const std::string end = local_time(text_at(sign_in, "expires_at")); !end.empty() && state != "required")
        line += ", " + tr(N_("until {time}"), {{"time", end}});
    if (const auto& certificate = sign_in.at("certificate"); certificate.is_object())
        line += ". " + tr(N_("The certificate is good until {time}."),
                          {{"time", local_time(text_at(certificate, "expires_at"))}});
    return line;
}

std::string feed_line(const json::value& feed) {
    const std::string state = text_at(feed, "state");
    if (state == "open") return tr(N_("are carried over at once"));
    if (state == "polling") return tr(N_("are asked for every few seconds")) + " – " + tr_reason(feed.at("reason"));
    return tr(N_("are carried over by the runs"));
}

std::string last_run_line(const json::value& run) {
    if (!run.is_object()) return tr(N_("none yet"));
    if (text_at(run, "outcome") == "completed") return local_time(text_at(run, "finished_at"));
    return local_time(text_at(run, "finished_at")) + " – " + tr_reason(run.at("error"));
}

void print_status(const json::value& status) {
    Rows rows{
        {tr(N_("Online service:")), text_at(status.at("service"), "url") + " – " + service_line(status.at("service"))}};
    if (const auto* sign_in = status.as_object().if_contains("signin"); sign_in && sign_in->is_object())
        rows.push_back({tr(N_("Sign-in:")), sign_in_line(*sign_in)});
    rows.push_back({tr(N_("Online changes:")), feed_line(status.at("feed"))});
    rows.push_back({tr(N_("Last run:")), last_run_line(status.at("last_run"))});
    rows.push_back({tr(N_("Last success:")), or_dash(local_time(text_at(status, "last_success_at")))});
    rows.push_back({tr(N_("Next run:")), text_at(status, "running").empty()
                                             ? or_dash(local_time(text_at(status, "next_run_at")))
                                             : tr(N_("under way"))});
    std::cout << table(rows);
    for (const auto& one : status.at("installations").as_array())
        std::cout << tr(N_("Installation {id}: {location}, {companies} companies"),
                        {{"id", text_at(one, "id")},
                         {"location", text_at(one, "location")},
                         {"companies", count_at(one, "companies")}})
                  << (one.at("reason").is_object() ? " – " + tr_reason(one.at("reason")) : "") << "\n";
    if (!status.at("last_run").is_object() && count_at(status.at("counts"), "companies") == "0")
        print_line(N_("The companies have not been looked at yet."));
    else
        std::cout << counts_line(status.at("counts")) << "\n";
}

std::string state_and_leader(const json::value& company) {
    const std::string state = state_word(text_at(company, "state")), leader = text_at(company, "follows");
    return leader.empty() ? state : state + ", " + tr(N_("follows {leader}"), {{"leader", leader}});
}

void print_companies(const json::value& companies) {
    Rows rows{{tr(N_("NUMBER")), tr(N_("NAME")), tr(N_("STATE")), tr(N_("COLLABORATION")), tr(N_("SEND ALL")),
               tr(N_("RECEIVE")), tr(N_("LAST SUCCESS"))}};
    std::string reasons;
    for (const auto& company : companies.at("companies").as_array()) {
        const auto& preferences = company.at("preferences");
        rows.push_back({pretty_number(company.at("company")), company_label(company), state_and_leader(company),
                        collaboration_word(text_at(company, "collaboration")),
                        choice_word(preferences.at("send_all_invoices").at("local")),
                        choice_word(preferences.at("receive_invoices").at("local")),
                        or_dash(local_time(text_at(company, "last_success_at")))});
        if (company.at("reason").is_object()) reasons += problem_line(company) + "\n";
    }
    std::cout << table(rows) << reasons;
}

Outcome status_command(const Options& options, const Arguments&) {
    return call_and_print(options, "GET", "/v1/status", {}, print_status);
}

Outcome companies_command(const Options& options, const Arguments& given) {
    ControlSocket socket{options.socket};
    const auto all = socket.get("/v1/companies");
    if (all.has_error()) return all.error();
    json::array chosen;
    for (const auto& company : all->at("companies").as_array())
        if (given.state.empty() || text_at(company, "state") == given.state) chosen.push_back(company);
    print_answer(options, json::object{{"companies", std::move(chosen)}}, print_companies);
    return done;
}

}  // namespace

void add_status(CommandLine& line) {
    line.add("status", N_("How things are"), status_command);
    line.add("companies", N_("List the companies"), companies_command)
        ->add_option("--state", line.given.state)
        ->check(CLI::IsMember({"synced", "waiting", "held", "failed", "ignored", "pending"}));
}

}  // namespace samsynk::client
