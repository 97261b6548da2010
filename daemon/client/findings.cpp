#include "client/findings.hpp"

#include <iostream>

#include "client/language.hpp"
#include "client/samsynkd_program.hpp"
#include "client/words.hpp"

namespace samsynk::client {
namespace {

namespace json = boost::json;

std::string sign_of(const std::string& severity) {
    if (severity == "error") return "✗";
    if (severity == "warning") return "!";
    return severity == "notice" ? "·" : "✓";
}

std::string conclusion(const std::string& worst) {
    if (worst == "error") return translated(N_("Something does not work: see the lines with ✗."));
    if (worst == "warning") return translated(N_("It works, but not for long or not for all: see the lines with !."));
    return translated(N_("All is well."));
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

std::string in_words(const json::value& answer) {
    std::string text;
    for (const auto& finding : answer.at("findings").as_array()) {
        const std::string subject = text_at(finding, "subject");
        text += sign_of(text_at(finding, "severity")) + " " + (subject.empty() ? "" : subject + ": ") +
                say_reason(finding) + "\n";
        if (finding.at("advice").is_object()) text += "  → " + say_reason(finding.at("advice")) + "\n";
    }
    return text;
}

int tell_findings(const Options& options, const json::value& answer) {
    const std::string worst = text_at(answer, "worst");
    if (options.json)
        std::cout << answer << "\n";
    else
        std::cout << in_words(answer) << conclusion(worst) << "\n";
    return worst == "error" ? some_failed : done;
}

}  // namespace samsynk::client
