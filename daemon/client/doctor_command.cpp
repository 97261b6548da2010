#include "client/doctor_command.hpp"

#include <iostream>

#include "client/subprocess.hpp"

namespace samsynk::client {
namespace {

namespace json = boost::json;

std::string sign_of(const std::string& severity) {
    if (severity == "error") return "✗";
    if (severity == "warning") return "!";
    return severity == "notice" ? "·" : "✓";
}

std::string conclusion(const std::string& worst) {
    if (worst == "error") return tr(N_("Something does not work: see the lines with ✗."));
    if (worst == "warning") return tr(N_("It works, but not for long or not for all: see the lines with !."));
    return tr(N_("All is well."));
}

void print_findings_in_words(const json::value& answer) {
    for (const auto& finding : answer.at("findings").as_array()) {
        const std::string subject = text_at(finding, "subject");
        std::cout << sign_of(text_at(finding, "severity")) << " " << (subject.empty() ? "" : subject + ": ")
                  << tr_reason(finding) << "\n";
        if (finding.at("advice").is_object()) std::cout << "  → " << tr_reason(finding.at("advice")) << "\n";
    }
    std::cout << conclusion(text_at(answer, "worst")) << "\n";
}

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

// Asks the daemon; where it does not run, its program looks at the configuration. Unless there is none yet.
Outcome doctor_command(const Options& options, const Arguments& given) {
    ControlSocket socket{options.socket};
    auto answer = socket.call("POST", "/v1/doctor", "{}");
    if (answer.has_error() && answer.error().code == Errc::daemon_unreachable) {
        const Error why = given.file == options.config ? diagnosed(options, answer.error()) : answer.error();
        if (why.code == Errc::daemon_unreachable) answer = look_without_daemon(given.file, why);
    }
    if (answer.has_error()) return answer.error();
    return print_findings(options, *answer);
}

}  // namespace

Result<json::value> look_at_configuration(const std::string& file) {
    const auto ran = run_samsynkd(file, {"--doctor"});
    if (ran.has_error()) return ran.error();
    boost::system::error_code code;
    json::value answer = json::parse(ran->output, code);
    if (code || !answer.is_object())
        return fail(Errc::bad_settings, N_("{file} can't be used as it is."), {{"file", file}});
    return answer;
}

ExitCode print_findings(const Options& options, const json::value& answer) {
    print_answer(options, answer, print_findings_in_words);
    return text_at(answer, "worst") == "error" ? some_failed : done;
}

void add_doctor(CommandLine& line) {
    line.add("doctor", N_("Look whether all is in order, and say what to do"), doctor_command)
        ->add_option("--config", line.given.file, tr(N_("Looked at where the daemon does not run")))
        ->capture_default_str();
}

}  // namespace samsynk::client
