#include "client/commands.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <iostream>

#include "core/plain_text.hpp"
#include "settings/settings.hpp"

namespace samsynk::client {

// Each adds the commands of its file to the command line.
void add_sync(CommandLine& line);
void add_status(CommandLine& line);
void add_show(CommandLine& line);
void add_held(CommandLine& line);
void add_explain(CommandLine& line);
void add_history(CommandLine& line);
void add_release(CommandLine& line);
void add_installations(CommandLine& line);
void add_watch(CommandLine& line);
void add_ui(CommandLine& line);
void add_login(CommandLine& line);
void add_config(CommandLine& line);
void add_doctor(CommandLine& line);
void add_daemon(CommandLine& line);
void add_check(CommandLine& line);
void add_backup(CommandLine& line);
void add_support_bundle(CommandLine& line);
void add_restore(CommandLine& line);

namespace {

namespace fs = std::filesystem;

constexpr auto example = "/usr/share/doc/samsynk/examples/samsynk.yaml";

// No file, or one of comments only. Who may not look there does not know.
bool is_unwritten(const fs::path& config) {
    std::error_code code;
    return fs::status(config, code).type() == fs::file_type::not_found || settings::load(config).nothing;
}

ExitCode exit_code_of(Errc code) {
    switch (code) {
        case Errc::daemon_unreachable:
            return unreachable;
        case Errc::not_permitted:
            return not_permitted;
        case Errc::bad_request:
        case Errc::not_found:
        case Errc::bad_settings:
            return usage;
        case Errc::not_configured:
            return run_failed;
        default:
            return some_failed;
    }
}

}  // namespace

CLI::App* CommandLine::add(const std::string& name, const char* about, Run run) {
    return add_below(&program_, name, about, std::move(run));
}

CLI::App* CommandLine::add_below(CLI::App* parent, const std::string& name, const char* about, Run run) {
    auto* command = parent->add_subcommand(name, tr(about));
    command->callback([this, run = std::move(run)] {
        const Outcome outcome = run(options, given);
        exit_code = outcome.has_value() ? *outcome : print_error(options, outcome.error());
    });
    return command;
}

CLI::App* CommandLine::add_group(const std::string& name, const char* about) {
    return program_.add_subcommand(name, tr(about))->require_subcommand(1);
}

void add_commands(CommandLine& line) {
    for (const auto add : {add_sync, add_status, add_show, add_held, add_explain, add_history, add_release,
                           add_installations, add_watch, add_ui, add_login, add_config, add_doctor, add_daemon,
                           add_check, add_backup, add_support_bundle, add_restore})
        add(line);
}

ExitCode print_error(const Options& options, const Error& error) {
    const Error shown = diagnosed(options, error);
    if (options.json)
        print_json(boost::json::object{
            {"error", {{"code", std::string{name_of(shown.code)}}, {"message", to_text(shown.message)}}}});
    else
        std::cerr << "samsynk: " << tr(shown.message) << "\n";
    return exit_code_of(shown.code);
}

Error diagnosed(const Options& options, const Error& error) {
    if (error.code != Errc::daemon_unreachable || options.config.empty() || !is_unwritten(options.config)) return error;
    const std::string instance = fs::path{options.config}.stem();
    return fail(Errc::not_configured,
                N_("Samsynk is not configured yet. Write {file} after the example {example}; check it with: samsynk "
                   "config check {file}; then start it with: systemctl start {unit}"),
                {{"file", options.config},
                 {"example", example},
                 {"unit", instance == "samsynk" ? "samsynkd" : "samsynkd@" + instance}});
}

void print_json(const boost::json::value& value) { std::cout << safe_in_json(boost::json::serialize(value)) << "\n"; }

void print_answer(const Options& options, const boost::json::value& answer, Print* print) {
    options.json ? print_json(answer) : print(answer);
}

Outcome call_and_print(const Options& options, const std::string& method, const std::string& target,
                       const boost::json::value& body, Print* print,
                       ExitCode (*exit_code)(const boost::json::value& answer)) {
    ControlSocket socket{options.socket};
    const auto answer = socket.call(method, target, body.is_null() ? "" : boost::json::serialize(body));
    if (answer.has_error()) return answer.error();
    print_answer(options, *answer, print);
    return exit_code ? exit_code(*answer) : done;
}

void add_config_option(CLI::App* command, Arguments& given) {
    command->add_option("--config", given.file, tr(N_("Says where the state is, where the daemon does not run")))
        ->capture_default_str();
}

bool is_id(const std::string& text) {
    return !text.empty() && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
}

Result<boost::json::value> stream_to_result(ControlSocket& socket, const std::string& target, const std::string& body,
                                            const std::function<void(const boost::json::object&)>& heard) {
    boost::json::value result;
    const auto streamed = socket.stream("POST", target, body, [&](const boost::json::object& line) {
        heard(line);
        if (text_at(line, "event") == "result") result = line.at("result");
        return true;
    });
    if (streamed.has_error()) return streamed.error();
    if (result.is_object()) return result;
    return fail(Errc::daemon_unreachable, N_("samsynkd ended the connection. See its log: journalctl -u samsynkd"));
}

Result<bool> read_choice(const std::string& word) {
    std::string choice = word;
    std::transform(choice.begin(), choice.end(), choice.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (choice == "yes" || choice == "ja") return true;
    if (choice == "no" || choice == "nej") return false;
    return fail(Errc::bad_request, N_("“{word}” is neither yes nor no."), {{"word", word}});
}

}  // namespace samsynk::client
