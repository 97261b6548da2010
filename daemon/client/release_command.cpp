// Gives up the claim on a company, this installation's or another's, after asking.
#include <unistd.h>

#include <iostream>

#include "client/commands.hpp"
#include "client/language.hpp"
#include "client/words.hpp"

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
    if (explanation.is_null())
        return say(N_("Give up {company}, so that another installation can sync it?"), {{"company", number}});
    const auto& claim = explanation.at("claim");
    if (is_held(explanation))
        return say(N_("{company} is synced by installation {holder} on {host}. Take it from there and sync it here?"),
                   {{"company", company_label(explanation)},
                    {"holder", text_at(claim, "holder")},
                    {"host", text_at(claim, "holder_host")}});
    return say(N_("Give up {company}, so that another installation can sync it?"),
               {{"company", company_label(explanation)}});
}

bool agreed() {
    std::string answer;
    std::getline(std::cin, answer);
    const auto choice = read_choice(answer);
    return choice.has_value() ? *choice : answer == "y" || answer == "j" || answer == "Y" || answer == "J";
}

int tell_release(const Options& options, const json::value& run, const std::string& number, bool taken_over) {
    const auto count = [&](const char* what) { return run.at("counts").at(what).to_number<std::size_t>(); };
    if (!run.at("error").is_null()) return tell_run(options, run);
    if (!taken_over) {
        std::cout << say(N_("Given up. To take it up again: samsynk sync {number}"), {{"number", number}}) << "\n";
        return run_exit_code(run);
    }
    if (count("synced") + count("waiting") > 0)
        std::cout << translated(N_("The other installation's claim is given up; it is synced here now.")) << "\n";
    return tell_run(options, run);
}

}  // namespace

int release_command(const Options& options, const std::string& company, bool yes) {
    ControlSocket socket{options.socket};
    const auto number = resolve_number(socket, company);
    if (number.has_error()) return complain(options, number.error());
    auto explanation = socket.get("/v1/companies/" + *number + "/explain");
    if (explanation.has_error() && explanation.error().code == Errc::not_found) explanation = json::value(nullptr);
    if (explanation.has_error()) return complain(options, explanation.error());
    if (!yes) {
        if (::isatty(STDIN_FILENO) != 1)
            return complain(options,
                            fail(Errc::bad_request, N_("Releasing is asked about first. In a script, add --yes.")));
        std::cout << question(*explanation, *number) << " " << translated(N_("[yes/no]")) << " " << std::flush;
        if (!agreed()) {
            std::cout << translated(N_("Nothing was changed.")) << "\n";
            return done;
        }
    }
    const auto run = socket.call("POST", "/v1/companies/" + *number + "/release", "");
    if (run.has_error()) return complain(options, run.error());
    return options.json ? tell_run(options, *run) : tell_release(options, *run, *number, is_held(*explanation));
}

}  // namespace samsynk::client
