#include "client/check_command.hpp"

#include <iostream>

#include "client/language.hpp"
#include "client/words.hpp"

namespace samsynk::client {
namespace {

namespace json = boost::json;

constexpr std::size_t most_companies = 10;

// Nobody listening is worse than not being let in to ask.
Grade grade_of(const Error& error) { return error.code == Errc::daemon_unreachable ? Grade::critical : Grade::unknown; }

// What plugins print must have no `|` before its own.
std::string plugin_line(std::string text) {
    for (char& c : text)
        if (c == '|' || c == '\n') c = ' ';
    return text;
}

std::string troubled_companies(ControlSocket& socket) {
    const auto all = socket.get("/v1/companies");
    if (all.has_error()) return {};
    std::string lines;
    std::size_t listed = 0;
    for (const auto& company : all->at("companies").as_array()) {
        const std::string state = text_at(company, "state");
        if ((state != "failed" && state != "held") || !company.at("reason").is_object() || ++listed > most_companies)
            continue;
        lines += plugin_line(problem_line(company)) + "\n";
    }
    return lines;
}

int print(const Options& options, Grade grade, const std::string& said, const std::string& performance,
          const std::string& more) {
    if (options.json)
        std::cout << json::object{{"grade", name_of(grade)}, {"message", said}, {"performance", performance}} << "\n";
    else
        std::cout << "SAMSYNK " << name_of(grade) << " - " << plugin_line(said)
                  << (performance.empty() ? "" : " | " + performance) << "\n"
                  << more;
    return static_cast<int>(grade);
}

}  // namespace

int check_command(const Options& options, const CheckLimits& limits) {
    ControlSocket socket{options.socket};
    socket.give_up_after(std::chrono::seconds{10});
    const auto status = socket.get("/v1/status");
    if (status.has_error()) return print(options, grade_of(status.error()), say(status.error().message), {}, {});
    const Time now = wall_clock();
    const Verdict verdict = judge(*status, limits, now);
    std::string said;
    for (const Message& reason : verdict.reasons) said += (said.empty() ? "" : "; ") + say(reason);
    if (said.empty()) said = say(verdict.well);
    const bool companies = verdict.grade != Grade::ok && !options.json;
    return print(options, verdict.grade, said, verdict.performance, companies ? troubled_companies(socket) : "");
}

}  // namespace samsynk::client
