// samsynk: the command with which people and scripts talk to samsynkd.
#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>

#include "client/check_command.hpp"
#include "client/commands.hpp"
#include "settings/settings.hpp"

namespace {

using namespace samsynk::client;
using samsynk::N_;

// CLI11's own words. Some are labels of what formats the help; the headings are the names of groups.
void translate_help(CLI::App& program) {
    for (auto* app : program.get_subcommands({})) {
        translate_help(*app);
        app->group(tr(N_("Commands")));
    }
    program.set_help_flag("-h,--help", tr(N_("Print this help and exit")));
    for (auto* option : program.get_options()) option->group(tr(N_("Options")));
    const auto formatter = std::make_shared<CLI::Formatter>();
    formatter->label("Usage", tr(N_("Usage")));
    formatter->label("OPTIONS", tr(N_("OPTIONS")));
    formatter->label("Positionals", tr(N_("What is given")));
    formatter->label("SUBCOMMAND", tr(N_("COMMAND")));
    formatter->label("REQUIRED", tr(N_("required")));
    formatter->label("Excludes", tr(N_("Not with")));
    formatter->label("NAME", tr(N_("NAME")));
    formatter->label("TIME", tr(N_("TIME")));
    program.formatter(formatter);
}

int run(int argc, char** argv) {
    choose_language();
    CLI::App program{
        tr(N_("Talks to samsynkd, which keeps collaborations and invoice preferences the same locally and online."))};
    CommandLine line{program};
    Options& options = line.options;
    const char* given = std::getenv("SAMSYNK_SOCKET");
    options.socket = given ? given : samsynk::settings::usual_socket().string();
    if (!given) options.config = line.given.file;
    program.set_version_flag("--version", "samsynk " SAMSYNK_VERSION, tr(N_("Print the version and exit")));
    program.require_subcommand(1)->fallthrough();
    auto* socket = program.add_option("--socket", options.socket)->capture_default_str();
    const auto choose_instance = [&](const std::string& name) {
        options.socket = "/run/samsynk/" + name + "/control.sock";
        options.config = "/etc/samsynk/" + name + ".yaml";
    };
    program
        .add_option_function<std::string>("--instance", choose_instance,
                                          tr(N_("Of several accounts: the one that samsynkd@NAME serves")))
        ->type_name("NAME")
        ->excludes(socket);
    program.add_flag("--json", options.json, tr(N_("Stable output for scripts")));
    program.parse_complete_callback([&] {
        if (socket->count() > 0) options.config.clear();  // nobody knows whose it is
    });
    add_commands(line);
    translate_help(program);
    try {
        program.parse(argc, argv);
    } catch (const CLI::ParseError& problem) {
        if (program.exit(problem) == 0) return done;
        // To a monitoring system our usual code would mean that the service is in trouble.
        return program.got_subcommand("check") ? static_cast<int>(Grade::unknown) : static_cast<int>(usage);
    }
    return line.exit_code;
}

// On a full disk, or a pipe that nobody reads, half an answer must not look like a whole one.
bool all_is_written() {
    std::cout.flush();
    return std::cout.good() && std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
}

}  // namespace

int main(int argc, char** argv) try {
    const int code = run(argc, argv);
    if (all_is_written()) return code;
    std::fprintf(stderr, "samsynk: %s\n",
                 tr(N_("Not all of the answer could be written ({why})."), {{"why", std::strerror(errno)}}).c_str());
    return run_failed;
} catch (const std::exception& problem) {
    std::fprintf(stderr, "samsynk: %s\n", problem.what());
    return samsynk::client::run_failed;
}
