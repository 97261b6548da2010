// samsynk: the command with which people and scripts talk to samsynkd.
#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <optional>

#include "client/backup_command.hpp"
#include "client/check_command.hpp"
#include "client/commands.hpp"
#include "client/json_output.hpp"
#include "client/language.hpp"
#include "client/support_bundle.hpp"
#include "core/duration.hpp"
#include "settings/settings.hpp"

namespace {

using namespace samsynk::client;
using samsynk::N_;

struct Given {
    std::vector<std::string> companies;
    std::string company, send, receive, state, hold, take, run, installation, path, level;
    std::string file = "/etc/samsynk/samsynk.yaml";
    bool dry_run = false, yes = false, apply = false, file_only = false, force = false, names = false;
    bool no_open = false;
    unsigned limit = 20;
    std::uint16_t port = 0;
    CheckLimits limits;
};

// Why things are as they are, and the ways back.
void add_answers(CLI::App& program, const Options& options, Given& given, int& code) {
    auto* explain = program.add_subcommand("explain", translated(N_("Why a company is as it is")));
    explain->add_option("COMPANY", given.company)->required();
    explain->callback([&] { code = explain_command(options, given.company); });
    auto* history = program.add_subcommand("history", translated(N_("What was changed, newest first")));
    history->add_option("COMPANY", given.company);
    history->add_option("--limit", given.limit, translated(N_("How many runs")))->capture_default_str();
    history->callback([&] { code = history_command(options, given.company, given.limit); });
    auto* revert = program.add_subcommand("revert", translated(N_("Make the opposite changes of a run")));
    revert->add_option("RUN", given.run)->required();
    revert->callback([&] { code = revert_command(options, given.run); });
    auto* release = program.add_subcommand(
        "release", translated(N_("Give up a company to another installation, or take it from one")));
    release->add_option("COMPANY", given.company)->required();
    release->add_flag("--yes", given.yes, translated(N_("Do not ask")));
    release->callback([&] { code = release_command(options, given.company, given.yes); });
}

void add_installations(CLI::App& program, const Options& options, Given& given, int& code) {
    program.add_subcommand("installations", translated(N_("List the installations")))->callback([&] {
        code = installations_command(options);
    });
    auto* one = program.add_subcommand("installation", translated(N_("Try, prepare or look for an installation")));
    one->require_subcommand(1);
    auto* test = one->add_subcommand("test", translated(N_("Try all that a run needs, and change nothing")));
    test->add_option("ID", given.installation)->required();
    test->add_option("COMPANY", given.company, translated(N_("Only this company: its place, path, name or number")));
    test->callback([&] { code = installation_test_command(options, given.installation, given.company); });
    auto* prepare = one->add_subcommand("prepare", translated(N_("Show what must be made in a database first")));
    prepare->add_option("ID", given.installation)->required();
    prepare->add_flag("--apply", given.apply, translated(N_("Do it, with the rights that the daemon has")));
    prepare->callback([&] { code = installation_prepare_command(options, given.installation, given.apply); });
    auto* scan = one->add_subcommand("scan", translated(N_("Propose a configuration for what a folder holds")));
    scan->add_option("PATH", given.path)->required();
    scan->callback([&] { code = installation_scan_command(options, given.path); });
}

// A monitoring plugin.
void add_check(CLI::App& program, const Options& options, CheckLimits& limits, int& code) {
    auto* check = program.add_subcommand("check", translated(N_("How things are, for a monitoring system")));
    const auto age = [&](const char* name, std::chrono::seconds& limit, const std::string& what) {
        check
            ->add_option_function<std::string>(
                name,
                [&limit, name](const std::string& given) {
                    const auto read = samsynk::parse_duration(given);
                    if (!read)
                        throw CLI::ValidationError{name, translated(N_("must be a time such as 45m, 12h or 14d"))};
                    limit = *read;
                },
                what)
            ->type_name("TIME");
    };
    age("--warning-age", limits.warning_age, translated(N_("How old the last success may be (45m)")));
    age("--critical-age", limits.critical_age, translated(N_("How old it may be at the very most (1d)")));
    age("--signin-warning", limits.sign_in_warning,
        translated(N_("What a sign-in or certificate must have left (14d)")));
    age("--signin-critical", limits.sign_in_critical, translated(N_("What it must have left at the very least (3d)")));
    check
        ->add_option_function<std::string>(
            "--warning-failed",
            [&](const std::string& given) {
                if (!read_failed_limit(given, limits))
                    throw CLI::ValidationError{"--warning-failed",
                                               translated(N_("must be a number such as 3, or a share such as 5%"))};
            },
            translated(N_("How many companies must have failed or be held (1)")))
        ->type_name("N|N%");
    check->callback([&] { code = check_command(options, limits); });
}

void add_backup(CLI::App& program, const Options& options, Given& given, int& code) {
    const auto config = [&](CLI::App* command) {
        command
            ->add_option("--config", given.file,
                         translated(N_("Says where the state is, where the daemon does not run")))
            ->capture_default_str();
    };
    auto* backup = program.add_subcommand("backup", translated(N_("Copy what Samsynk remembers to a file")));
    backup->add_option("FILE", given.path)->required();
    backup->add_flag("--force", given.force, translated(N_("Also over a file that is there")));
    config(backup);
    backup->callback([&] { code = backup_command(options, given.path, given.force, given.file); });
    auto* bundle =
        program.add_subcommand("support-bundle", translated(N_("Gather what a helper needs, without secrets")));
    bundle->add_option("FILE", given.path);
    bundle->add_flag("--with-names", given.names, translated(N_("With the companies' names")));
    config(bundle);
    bundle->callback([&] { code = support_bundle_command(options, given.path, given.names, given.file); });
    auto* restore = program.add_subcommand("restore", translated(N_("Put such a copy back; the daemon must not run")));
    restore->add_option("FILE", given.path)->required();
    restore->add_flag("--yes", given.yes, translated(N_("Do not ask")));
    config(restore);
    restore->callback([&] { code = restore_command(options, given.path, given.yes, given.file); });
}

// For whoever looks after the daemon.
void add_care(CLI::App& program, const Options& options, Given& given, int& code) {
    auto* doctor = program.add_subcommand("doctor", translated(N_("Look whether all is in order, and say what to do")));
    doctor->add_option("--config", given.file, translated(N_("Looked at where the daemon does not run")))
        ->capture_default_str();
    doctor->callback([&] { code = doctor_command(options, given.file); });
    program.add_subcommand("reload", translated(N_("Let the daemon read its configuration again")))->callback([&] {
        code = reload_command(options);
    });
    auto* level = program.add_subcommand("log-level", translated(N_("What the log tells, until the next reload")));
    level->add_option("LEVEL", given.level)->check(CLI::IsMember({"debug", "info", "notice", "warning", "error"}));
    level->callback([&] { code = log_level_command(options, given.level); });
}

void add_commands(CLI::App& program, const Options& options, Given& given, int& code) {
    auto* sync =
        program.add_subcommand("sync", translated(N_("Sync now, all companies or those named")))->alias("synkronisera");
    sync->add_option("COMPANY", given.companies);
    sync->add_flag("--dry-run", given.dry_run, translated(N_("Show the plan and change nothing")));
    sync->callback([&] { code = sync_command(options, given.companies, given.dry_run); });
    program.add_subcommand("status", translated(N_("How things are")))->callback([&] {
        code = status_command(options);
    });
    auto* companies = program.add_subcommand("companies", translated(N_("List the companies")));
    companies->add_option("--state", given.state)
        ->check(CLI::IsMember({"synced", "waiting", "held", "failed", "ignored", "pending"}));
    companies->callback([&] { code = companies_command(options, given.state); });
    auto* show = program.add_subcommand("show", translated(N_("Show one company")));
    show->add_option("COMPANY", given.company)->required();
    show->callback([&] { code = show_command(options, given.company); });
    auto* set = program.add_subcommand("set", translated(N_("Choose for one company")));
    set->add_option("COMPANY", given.company)->required();
    set->add_option("--send-all-invoices", given.send, "yes|no");
    set->add_option("--receive-invoices", given.receive, "yes|no");
    set->callback([&] { code = set_command(options, given.company, given.send, given.receive); });
    program.add_subcommand("held", translated(N_("What waits for a decision")))->callback([&] {
        code = held_command(options);
    });
    auto* approve = program.add_subcommand("approve", translated(N_("Decide what is held")));
    approve->add_option("ID", given.hold)->required();
    approve->add_option("--take", given.take, translated(N_("Whose choices are taken")))
        ->check(CLI::IsMember({"local", "online"}));
    approve->callback([&] { code = approve_command(options, given.hold, given.take); });
    add_answers(program, options, given, code);
    add_installations(program, options, given, code);
    program.add_subcommand("watch", translated(N_("Follow what happens")))->callback([&] {
        code = watch_command(options);
    });
    auto* ui = program.add_subcommand("ui", translated(N_("Show the companies in a browser")));
    ui->add_option("--port", given.port, translated(N_("Where it is served; else at any that is free")))
        ->type_name("PORT");
    ui->add_flag("--no-open", given.no_open, translated(N_("Do not open the browser")));
    ui->callback([&] { code = ui_command(options, given.port, !given.no_open); });
    program.add_subcommand("login", translated(N_("Sign in at the online service, with a code")))->callback([&] {
        code = login_command(options);
    });
    program.add_subcommand("logout", translated(N_("Withdraw the sign-in, and forget it")))->callback([&] {
        code = logout_command(options);
    });
    auto* config = program.add_subcommand("config", translated(N_("The configuration")))->require_subcommand(1);
    auto* check = config->add_subcommand("check", translated(N_("Check a configuration file")));
    check->add_option("FILE", given.file)->capture_default_str();
    check->add_flag("--file-only", given.file_only,
                    translated(N_("Only read the file, and try nothing that it names")));
    check->callback([&] { code = config_check_command(options, given.file, given.file_only); });
    add_care(program, options, given, code);
    add_check(program, options, given.limits, code);
    add_backup(program, options, given, code);
}

// CLI11's own words. Some are labels of what formats the help; the headings are the names of groups.
void translate_help(CLI::App& program) {
    for (auto* app : program.get_subcommands({})) {
        translate_help(*app);
        app->group(translated(N_("Commands")));
    }
    program.set_help_flag("-h,--help", translated(N_("Print this help and exit")));
    for (auto* option : program.get_options()) option->group(translated(N_("Options")));
    const auto formatter = std::make_shared<CLI::Formatter>();
    formatter->label("Usage", translated(N_("Usage")));
    formatter->label("OPTIONS", translated(N_("OPTIONS")));
    formatter->label("Positionals", translated(N_("What is given")));
    formatter->label("SUBCOMMAND", translated(N_("COMMAND")));
    formatter->label("REQUIRED", translated(N_("required")));
    formatter->label("Excludes", translated(N_("Not with")));
    formatter->label("NAME", translated(N_("NAME")));
    formatter->label("TIME", translated(N_("TIME")));
    program.formatter(formatter);
}

}  // namespace

namespace {

int run(int argc, char** argv) {
    choose_language();
    const char* socket = std::getenv("SAMSYNK_SOCKET");
    Options options{.socket = socket ? socket : samsynk::settings::usual_socket().string()};
    Given given;
    int code = done;
    CLI::App program{translated(
        N_("Talks to samsynkd, which keeps collaborations and invoice preferences the same locally and online."))};
    program.set_version_flag("--version", "samsynk " SAMSYNK_VERSION, translated(N_("Print the version and exit")));
    program.require_subcommand(1)->fallthrough();
    auto* path = program.add_option("--socket", options.socket)->capture_default_str();
    program
        .add_option_function<std::string>(
            "--instance", [&](const std::string& name) { options.socket = "/run/samsynk/" + name + "/control.sock"; },
            translated(N_("Of several accounts: the one that samsynkd@NAME serves")))
        ->type_name("NAME")
        ->excludes(path);
    std::optional<JsonOutput> safe;
    program.add_flag("--json", options.json, translated(N_("Stable output for scripts")));
    program.parse_complete_callback([&] {
        if (options.json) safe.emplace();
    });
    add_commands(program, options, given, code);
    translate_help(program);
    try {
        program.parse(argc, argv);
    } catch (const CLI::ParseError& problem) {
        if (program.exit(problem) == 0) return done;
        // To a monitoring system our usual code would mean that the service is in trouble.
        return program.got_subcommand("check") ? static_cast<int>(Grade::unknown) : static_cast<int>(usage);
    }
    return code;
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
                 say(N_("Not all of the answer could be written ({why})."), {{"why", std::strerror(errno)}}).c_str());
    return run_failed;
} catch (const std::exception& problem) {
    std::fprintf(stderr, "samsynk: %s\n", problem.what());
    return samsynk::client::run_failed;
}
