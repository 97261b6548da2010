#include <iostream>

#include "client/commands.hpp"
#include "client/findings.hpp"
#include "client/language.hpp"
#include "client/samsynkd_program.hpp"

namespace samsynk::client {
namespace {

namespace json = boost::json;

// The daemon itself can't be asked, so its program is: what it finds is what the daemon would.
Result<json::value> look_without_daemon(const std::string& file, const Error& why) {
    auto looked = look_at_configuration(file);
    if (looked.has_error()) return looked.error();
    json::object not_running{{"area", "system"},
                             {"severity", "error"},
                             {"subject", nullptr},
                             {"message", to_text(why.message)},
                             {"message_id", why.message.id},
                             {"advice", nullptr}};
    json::object args;
    for (const auto& [name, value] : why.message.args) args[name] = value;
    not_running["args"] = std::move(args);
    auto& findings = looked->at("findings").as_array();
    findings.insert(findings.begin(), std::move(not_running));
    looked->as_object()["worst"] = "error";
    return looked;
}

}  // namespace

int doctor_command(const Options& options, const std::string& file) {
    ControlSocket socket{options.socket};
    auto answer = socket.call("POST", "/v1/doctor", "{}");
    if (answer.has_error() && answer.error().code == Errc::daemon_unreachable)
        answer = look_without_daemon(file, answer.error());
    if (answer.has_error()) return complain(options, answer.error());
    return tell_findings(options, *answer);
}

}  // namespace samsynk::client
