// Signing in and out at the online service, in the daemon's name.
#include <sys/ioctl.h>
#include <unistd.h>

#include <iostream>

#include "client/commands.hpp"
#include "client/formatting.hpp"
#include "client/terminal.hpp"

namespace samsynk::client {
namespace {

namespace json = boost::json;

constexpr int lines_beside_the_code = 7;

std::string minutes(const json::object& line) {
    const auto left = line.at("seconds_left").to_number<long>();
    const std::string rest = std::to_string(left % 60);
    return std::to_string(left / 60) + ":" + (rest.size() < 2 ? "0" : "") + rest;
}

// Only on a terminal that can show it, and where it fits whole.
void print_qr(const std::string& address) {
    winsize window{};
    if (::isatty(STDOUT_FILENO) != 1 || ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) != 0) return;
    for (const auto& line : qr_code(address, window.ws_col, window.ws_row - lines_beside_the_code))
        std::cout << "\x1b[97;40m" << line << "\x1b[0m\n";
}

void print_code(const json::object& line) {
    const json::value value = line;
    const std::string complete = text_at(value, "verification_uri_complete");
    print_qr(complete.empty() ? text_at(value, "verification_uri") : complete);
    print_line(N_("Open {address} in a browser, on any device, and enter the code: {code}"),
               {{"address", text_at(value, "verification_uri")}, {"code", text_at(value, "user_code")}});
    if (!complete.empty())
        print_line(N_("Or open this address, which has the code in it: {address}"), {{"address", complete}});
    std::cout << tr(N_("Sign in there as someone who may act for the office, and approve. The code is good for {time} "
                       "minutes."),
                    {{"time", minutes(line)}})
              << std::endl;
}

void print_signed_out(const json::value& answer) {
    if (!answer.at("signed_out").as_bool())
        print_line(N_("Nobody was signed in."));
    else if (answer.at("revoked").as_bool())
        print_line(N_("Signed out. Nothing is synced until someone signs in again with: samsynk login"));
    else
        print_line(
            N_("Signed out here, but the online service could not be told. Withdraw Samsynk's access "
               "there as well. Nothing is synced until someone signs in again with: samsynk login"));
}

Outcome login_command(const Options& options, const Arguments&) {
    ControlSocket socket{options.socket};
    Progress progress{!options.json};
    const auto heard = [&](const json::object& line) {
        const std::string event = text_at(line, "event");
        if (options.json)
            print_json(line);
        else if (event == "login.code")
            print_code(line);
        else if (event == "login.waiting")
            progress.now(tr(N_("Waiting for the approval … {time} left"), {{"time", minutes(line)}}));
        std::cout.flush();
    };
    const auto result = stream_to_result(socket, "/v1/login", "", heard);
    progress.end();
    if (result.has_error()) return result.error();
    const bool signed_in = result->at("signed_in").as_bool();
    if (!options.json && signed_in) print_line(N_("Signed in. A sync begins now; see: samsynk status"));
    if (!options.json && !signed_in) std::cerr << "samsynk: " << tr_reason(result->at("error")) << "\n";
    return signed_in ? done : run_failed;
}

Outcome logout_command(const Options& options, const Arguments&) {
    return call_and_print(options, "POST", "/v1/logout", {}, print_signed_out);
}

}  // namespace

void add_login(CommandLine& line) {
    line.add("login", N_("Sign in at the online service, with a code"), login_command);
    line.add("logout", N_("Withdraw the sign-in, and forget it"), logout_command);
}

}  // namespace samsynk::client
