// Signing in and out at the online service, in the daemon's name.
#include <sys/ioctl.h>
#include <unistd.h>

#include <iostream>

#include "client/commands.hpp"
#include "client/language.hpp"
#include "client/progress.hpp"
#include "client/qr.hpp"
#include "client/words.hpp"

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
    std::cout << say(N_("Open {address} in a browser, on any device, and enter the code: {code}"),
                     {{"address", text_at(value, "verification_uri")}, {"code", text_at(value, "user_code")}})
              << "\n";
    if (!complete.empty())
        std::cout << say(N_("Or open this address, which has the code in it: {address}"), {{"address", complete}})
                  << "\n";
    std::cout << say(N_("Sign in there as someone who may act for the office, and approve. The code is good for {time} "
                        "minutes."),
                     {{"time", minutes(line)}})
              << std::endl;
}

}  // namespace

int login_command(const Options& options) {
    ControlSocket socket{options.socket};
    Progress progress{!options.json};
    json::value result;
    const auto heard = [&](const json::object& line) {
        if (options.json) std::cout << line << std::endl;
        const std::string event = text_at(line, "event");
        if (event == "result") result = line.at("result");
        if (options.json) return true;
        if (event == "login.code") print_code(line);
        if (event == "login.waiting")
            progress.now(say(N_("Waiting for the approval … {time} left"), {{"time", minutes(line)}}));
        return true;
    };
    const auto streamed = socket.stream("POST", "/v1/login", "", heard);
    progress.end();
    if (streamed.has_error()) return complain(options, streamed.error());
    if (!result.is_object())
        return complain(options, fail(Errc::daemon_unreachable,
                                      N_("samsynkd ended the connection. See its log: journalctl -u samsynkd")));
    const bool signed_in = result.at("signed_in").as_bool();
    if (!options.json && signed_in)
        std::cout << translated(N_("Signed in. A sync begins now; see: samsynk status")) << "\n";
    if (!options.json && !signed_in) std::cerr << "samsynk: " << say_reason(result.at("error")) << "\n";
    return signed_in ? done : run_failed;
}

int logout_command(const Options& options) {
    ControlSocket socket{options.socket};
    const auto answer = socket.call("POST", "/v1/logout", "");
    if (answer.has_error()) return complain(options, answer.error());
    if (options.json)
        std::cout << *answer << "\n";
    else if (!answer->at("signed_out").as_bool())
        std::cout << translated(N_("Nobody was signed in.")) << "\n";
    else if (answer->at("revoked").as_bool())
        std::cout << translated(N_("Signed out. Nothing is synced until someone signs in again with: samsynk login"))
                  << "\n";
    else
        std::cout << translated(
                         N_("Signed out here, but the online service could not be told. Withdraw Samsynk's access "
                            "there as well. Nothing is synced until someone signs in again with: samsynk login"))
                  << "\n";
    return done;
}

}  // namespace samsynk::client
