// Gives up the claim on a company, this installation's or another's, after asking.
#include <unistd.h>

#include <iostream>

#include "client/commands.hpp"
#include "client/formatting.hpp"
#include "client/named_company.hpp"

namespace samsynk::client {
namespace {

namespace json = boost::json;

// Whether another installation has the company.
bool is_held(const json::value& explanation) {
    if (explanation.is_null()) return false;
    const auto& claim = explanation.at("claim");
    return claim.is_object() && text_at(claim, "status") == "held";
}

// `explanation` is null where no place here has the company any more.
std::string question(const json::value& explanation, const std::string& number) {
    if (is_held(explanation))
        return tr(N_("{company} is synced by installation {holder} on {host}. Take it from there and sync it here?"),
                  {{"company", company_label(explanation)},
                   {"holder", text_at(explanation.at("claim"), "holder")},
                   {"host", text_at(explanation.at("claim"), "holder_host")}});
    return tr(N_("Give up {company}, so that another installation can sync it?"),
              {{"company", explanation.is_null() ? number : company_label(explanation)}});
}

bool agreed() {
    std::string answer;
    std::getline(std::cin, answer);
    const auto choice = read_choice(answer);
    return choice.has_value() ? *choice : answer == "y" || answer == "j" || answer == "Y" || answer == "J";
}

void print_released(const json::value& run, const std::string& number, bool taken_over) {
    if (run.at("error").is_null() && !taken_over)
        return print_line(N_("Given up. To take it up again: samsynk sync {number}"), {{"number", number}});
    const auto has = [&](const char* what) { return count_at(run.at("counts"), what) != "0"; };
    if (run.at("error").is_null() && (has("synced") || has("waiting")))
        print_line(N_("The other installation's claim is given up; it is synced here now."));
    print_run(run);
}

Outcome release_command(const Options& options, const Arguments& given) {
    ControlSocket socket{options.socket};
    const auto number = resolve_number(socket, given.company);
    if (number.has_error()) return number.error();
    auto explanation = socket.get("/v1/companies/" + *number + "/explain");
    if (explanation.has_error() && explanation.error().code == Errc::not_found) explanation = json::value(nullptr);
    if (explanation.has_error()) return explanation.error();
    if (!given.yes) {
        if (::isatty(STDIN_FILENO) != 1)
            return fail(Errc::bad_request, N_("Releasing is asked about first. In a script, add --yes."));
        std::cout << question(*explanation, *number) << " " << tr(N_("[yes/no]")) << " " << std::flush;
        if (!agreed()) {
            print_line(N_("Nothing was changed."));
            return done;
        }
    }
    const auto run = socket.call("POST", "/v1/companies/" + *number + "/release", "");
    if (run.has_error()) return run.error();
    if (options.json)
        print_json(*run);
    else
        print_released(*run, *number, is_held(*explanation));
    return run_exit_code(*run);
}

}  // namespace

void add_release(CommandLine& line) {
    auto* release =
        line.add("release", N_("Give up a company to another installation, or take it from one"), release_command);
    release->add_option("COMPANY", line.given.company)->required();
    release->add_flag("--yes", line.given.yes, tr(N_("Do not ask")));
}

}  // namespace samsynk::client
