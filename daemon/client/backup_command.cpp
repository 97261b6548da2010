// `samsynk backup` and `samsynk restore`: what Samsynk remembers, kept elsewhere and put back.
#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>

#include "client/commands.hpp"
#include "client/output_file.hpp"
#include "client/subprocess.hpp"
#include "core/plain_text.hpp"

namespace samsynk::client {
namespace {

// From the daemon, or where none runs from its program, to wherever `part` puts it.
Result<void> copy_state(const Options& options, const std::string& config,
                        const std::function<bool(std::string_view)>& part) {
    ControlSocket socket{options.socket};
    bool begun = false;  // what a daemon that ended began to send can't be gone on with
    auto fetched = socket.fetch("POST", "/v1/backup", [&](std::string_view some) {
        begun = begun || !some.empty();
        return part(some);
    });
    if (begun || fetched.has_value() || fetched.error().code != Errc::daemon_unreachable) return fetched;
    const auto ran = run_samsynkd(config, {"--backup", "-"});
    if (ran.has_error()) return ran.error();
    if (ran->exit_code != 0)
        return fail(Errc::state_failed, N_("The state could not be copied: see what samsynkd said above."));
    part(ran->output);
    return {};
}

bool agreed_to(const std::string& file) {
    std::cerr
        << tr(N_("This puts the state of {file} in place of the present one, which is kept beside it. All companies "
                 "are compared anew, and where the two sides differ a person decides. Go on?"),
              {{"file", file}})
        << " " << tr(N_("[yes/no]")) << " " << std::flush;
    std::string answer;
    std::getline(std::cin, answer);
    const auto choice = read_choice(answer);
    return choice.has_value() && *choice;
}

Outcome to_standard_output(const Options& options, const std::string& config) {
    const auto copied = copy_state(options, config, [](std::string_view part) {
        return std::fwrite(part.data(), 1, part.size(), stdout) == part.size();  // as it is: this is no JSON
    });
    const bool whole = std::fflush(stdout) == 0;
    if (copied.has_error()) return copied.error();
    return whole ? done : some_failed;
}

void print_restored(const Options& options, const std::string& file, const std::string& before) {
    if (options.json)
        print_json(boost::json::object{{"restored", file}, {"before", before}});
    else if (before.empty())
        print_line(N_("The state was restored. Start samsynkd: it compares all companies anew."));
    else
        print_line(N_("The state was restored; the one of before is kept as {file}. Start samsynkd: it compares all "
                      "companies anew."),
                   {{"file", before}});
}

Outcome backup_command(const Options& options, const Arguments& given) {
    const std::string &file = given.path, &config = given.file;
    if (file == "-") return to_standard_output(options, config);
    AtomicOutputFile copy;
    if (const auto begun = copy.begin(file, given.force); begun.has_error()) return begun.error();
    const auto copied = copy_state(options, config, [&](std::string_view part) { return copy.write(part); });
    if (copied.has_error()) return copied.error();
    if (const auto kept = copy.finish(); kept.has_error()) return kept.error();
    if (options.json)
        print_json(boost::json::object{{"file", file}});
    else
        print_line(N_("The state was copied to {file}. The sign-in is not in it: after a restore elsewhere, sign in "
                      "anew."),
                   {{"file", file}});
    return done;
}

Outcome restore_command(const Options& options, const Arguments& given) {
    const std::string& file = given.path;
    const int source = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (source < 0)
        return fail(Errc::bad_request, N_("{file} can't be read. Check the name, and your rights."), {{"file", file}});
    if (!given.yes && !agreed_to(file)) {
        ::close(source);
        return fail(Errc::bad_request, N_("Nothing was restored."));
    }
    const auto ran = run_samsynkd(given.file, {"--restore"}, source);
    ::close(source);
    if (ran.has_error()) return ran.error();
    if (ran->exit_code != 0) return ran->exit_code == usage ? usage : run_failed;
    print_restored(options, file, plain(ran->output.substr(0, ran->output.find('\n'))));
    return done;
}

}  // namespace

void add_backup(CommandLine& line) {
    auto* backup = line.add("backup", N_("Copy what Samsynk remembers to a file"), backup_command);
    backup->add_option("FILE", line.given.path)->required();
    backup->add_flag("--force", line.given.force, tr(N_("Also over a file that is there")));
    add_config_option(backup, line.given);
}

void add_restore(CommandLine& line) {
    auto* restore = line.add("restore", N_("Put such a copy back; the daemon must not run"), restore_command);
    restore->add_option("FILE", line.given.path)->required();
    restore->add_flag("--yes", line.given.yes, tr(N_("Do not ask")));
    add_config_option(restore, line.given);
}

}  // namespace samsynk::client
