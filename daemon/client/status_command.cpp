#include <iostream>

#include "client/commands.hpp"
#include "client/language.hpp"
#include "client/table.hpp"
#include "client/words.hpp"

namespace samsynk::client {
namespace {

namespace json = boost::json;

std::string or_dash(const std::string& text) { return text.empty() ? "–" : text; }

std::string service_line(const json::value& service) {
    const std::string state = text_at(service, "state");
    if (state == "ok") return translated(N_("answers"));
    if (state == "failing") return say_reason(service.at("reason"));
    return translated(N_("not tried yet"));
}

std::string sign_in_line(const json::value& sign_in) {
    const std::string state = text_at(sign_in, "state");
    std::string line = state == "required" ? say_reason(sign_in.at("reason"))
                       : state == "ok"     ? translated(N_("in order"))
                                           : translated(N_("not tried yet"));
    if (const std::string end = local_time(text_at(sign_in, "expires_at")); !end.empty() && state != "required")
        line += ", " + say(N_("until {time}"), {{"time", end}});
    if (const auto& certificate = sign_in.at("certificate"); certificate.is_object())
        line += ". " + say(N_("The certificate is good until {time}."),
                           {{"time", local_time(text_at(certificate, "expires_at"))}});
    return line;
}

std::string feed_line(const json::value& feed) {
    const std::string state = text_at(feed, "state");
    if (state == "open") return translated(N_("are carried over at once"));
    if (state == "polling")
        return translated(N_("are asked for every few seconds")) + " – " + say_reason(feed.at("reason"));
    return translated(N_("are carried over by the runs"));
}

std::string last_run_line(const json::value& run) {
    if (!run.is_object()) return translated(N_("none yet"));
    if (text_at(run, "outcome") == "completed") return local_time(text_at(run, "finished_at"));
    return local_time(text_at(run, "finished_at")) + " – " + say_reason(run.at("error"));
}

void print_status(const json::value& status) {
    const auto count = [&](const char* what) {
        return std::to_string(status.at("counts").at(what).to_number<std::size_t>());
    };
    std::vector<std::vector<std::string>> rows{
        {translated(N_("Online service:")),
         text_at(status.at("service"), "url") + " – " + service_line(status.at("service"))}};
    if (const auto* sign_in = status.as_object().if_contains("signin"); sign_in && sign_in->is_object())
        rows.push_back({translated(N_("Sign-in:")), sign_in_line(*sign_in)});
    rows.push_back({translated(N_("Online changes:")), feed_line(status.at("feed"))});
    rows.push_back({translated(N_("Last run:")), last_run_line(status.at("last_run"))});
    rows.push_back({translated(N_("Last success:")), or_dash(local_time(text_at(status, "last_success_at")))});
    rows.push_back({translated(N_("Next run:")), text_at(status, "running").empty()
                                                     ? or_dash(local_time(text_at(status, "next_run_at")))
                                                     : translated(N_("under way"))});
    std::cout << table(rows);
    for (const auto& one : status.at("installations").as_array())
        std::cout << say(N_("Installation {id}: {location}, {companies} companies"),
                         {{"id", text_at(one, "id")},
                          {"location", text_at(one, "location")},
                          {"companies", std::to_string(one.at("companies").to_number<std::size_t>())}})
                  << (one.at("reason").is_object() ? " – " + say_reason(one.at("reason")) : "") << "\n";
    if (!status.at("last_run").is_object() && count("companies") == "0")
        std::cout << translated(N_("The companies have not been looked at yet.")) << "\n";
    else
        std::cout << counts_line(status.at("counts")) << "\n";
}

std::string state_and_leader(const json::value& company) {
    const std::string state = state_word(text_at(company, "state")), leader = text_at(company, "follows");
    return leader.empty() ? state : state + ", " + say(N_("follows {leader}"), {{"leader", leader}});
}

}  // namespace

int status_command(const Options& options) {
    ControlSocket socket{options.socket};
    const auto status = socket.get("/v1/status");
    if (status.has_error()) return complain(options, status.error());
    if (options.json)
        std::cout << *status << "\n";
    else
        print_status(*status);
    return done;
}

int companies_command(const Options& options, const std::string& state) {
    ControlSocket socket{options.socket};
    auto all = socket.get("/v1/companies");
    if (all.has_error()) return complain(options, all.error());
    auto& companies = all->at("companies").as_array();
    json::array chosen;
    for (auto& company : companies)
        if (state.empty() || text_at(company, "state") == state) chosen.push_back(company);
    if (options.json) {
        std::cout << json::object{{"companies", std::move(chosen)}} << "\n";
        return done;
    }
    std::vector<std::vector<std::string>> rows{
        {translated(N_("NUMBER")), translated(N_("NAME")), translated(N_("STATE")), translated(N_("COLLABORATION")),
         translated(N_("SEND ALL")), translated(N_("RECEIVE")), translated(N_("LAST SUCCESS"))}};
    std::string reasons;
    for (const auto& company : chosen) {
        const auto& preferences = company.at("preferences");
        rows.push_back({pretty_number(company.at("company")), company_label(company), state_and_leader(company),
                        collaboration_word(text_at(company, "collaboration")),
                        choice_word(preferences.at("send_all_invoices").at("local")),
                        choice_word(preferences.at("receive_invoices").at("local")),
                        or_dash(local_time(text_at(company, "last_success_at")))});
        if (company.at("reason").is_object()) reasons += problem_line(company) + "\n";
    }
    std::cout << table(rows) << reasons;
    return done;
}

}  // namespace samsynk::client
