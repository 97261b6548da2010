// For whoever looks after the daemon: its configuration and its log.
#include <iostream>

#include "client/commands.hpp"
#include "client/doctor_command.hpp"
#include "client/subprocess.hpp"
#include "core/plain_text.hpp"
#include "settings/settings.hpp"

namespace samsynk::client {
namespace {

boost::json::array mistakes_as_json(const std::vector<settings::Mistake>& mistakes) {
    boost::json::array all;
    for (const auto& mistake : mistakes)
        all.push_back({{"file", mistake.file.string()},
                       {"line", mistake.line},
                       {"column", mistake.column},
                       {"message", to_text(mistake.message)}});
    return all;
}

ExitCode print_mistakes(const Options& options, const settings::Loaded& loaded, const std::string& file) {
    if (options.json)
        print_json(
            boost::json::object{{"ok", loaded.settings.has_value()}, {"mistakes", mistakes_as_json(loaded.mistakes)}});
    for (const auto& mistake : loaded.mistakes)
        if (!options.json) std::cerr << plain(settings::to_text(mistake, translated)) << "\n";
    if (loaded.settings && !options.json) print_line(N_("{file} is right."), {{"file", file}});
    return loaded.settings ? done : usage;
}

Outcome config_check_command(const Options& options, const Arguments& given) {
    const std::string& file = given.file;
    use_credentials_of_service(file);
    const auto loaded = settings::load(file);
    if (given.file_only || !loaded.settings) return print_mistakes(options, loaded, file);
    const auto looked = look_at_configuration(file);
    if (looked.has_error()) return looked.error();
    if (!options.json) return print_findings(options, *looked);
    boost::json::object answer{{"ok", text_at(*looked, "worst") != "error"}, {"mistakes", mistakes_as_json({})}};
    answer["findings"] = looked->at("findings");
    print_json(answer);
    return text_at(*looked, "worst") == "error" ? some_failed : done;
}

Outcome reload_command(const Options& options, const Arguments&) {
    ControlSocket socket{options.socket};
    if (const auto reloaded = socket.call("POST", "/v1/reload", ""); reloaded.has_error()) return reloaded.error();
    print_answer(options, boost::json::object{{"reloaded", true}},
                 [](const boost::json::value&) { print_line(N_("The configuration was read again.")); });
    return done;
}

// Without a level: only what it is.
Outcome log_level_command(const Options& options, const Arguments& given) {
    const bool changes = !given.level.empty();
    const boost::json::value level = boost::json::object{{"level", given.level}};
    return call_and_print(options, changes ? "PUT" : "GET", "/v1/log", changes ? level : boost::json::value{},
                          [](const boost::json::value& log) { std::cout << text_at(log, "level") << "\n"; });
}

}  // namespace

void add_config(CommandLine& line) {
    auto* group = line.add_group("config", N_("The configuration"));
    auto* check = line.add_below(group, "check", N_("Check a configuration file"), config_check_command);
    check->add_option("FILE", line.given.file)->capture_default_str();
    check->add_flag("--file-only", line.given.file_only, tr(N_("Only read the file, and try nothing that it names")));
}

void add_daemon(CommandLine& line) {
    line.add("reload", N_("Let the daemon read its configuration again"), reload_command);
    line.add("log-level", N_("What the log tells, until the next reload"), log_level_command)
        ->add_option("LEVEL", line.given.level)
        ->check(CLI::IsMember({"debug", "info", "notice", "warning", "error"}));
}

}  // namespace samsynk::client
