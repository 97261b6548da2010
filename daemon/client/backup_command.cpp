#include "client/backup_command.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>

#include "client/language.hpp"
#include "client/new_file.hpp"
#include "client/samsynkd_program.hpp"
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
        << say(N_("This puts the state of {file} in place of the present one, which is kept beside it. All companies "
                  "are compared anew, and where the two sides differ a person decides. Go on?"),
               {{"file", file}})
        << " " << translated(N_("[yes/no]")) << " " << std::flush;
    std::string answer;
    std::getline(std::cin, answer);
    const auto choice = read_choice(answer);
    return choice.has_value() && *choice;
}

int to_standard_output(const Options& options, const std::string& config) {
    const auto copied = copy_state(options, config, [](std::string_view part) {
        return std::fwrite(part.data(), 1, part.size(), stdout) == part.size();  // as it is: this is no JSON
    });
    const bool whole = std::fflush(stdout) == 0;
    if (copied.has_error()) return complain(options, copied.error());
    return whole ? done : some_failed;
}

void tell_restored(const Options& options, const std::string& file, const std::string& before) {
    if (options.json)
        std::cout << boost::json::object{{"restored", file}, {"before", before}};
    else if (before.empty())
        std::cout << translated(N_("The state was restored. Start samsynkd: it compares all companies anew."));
    else
        std::cout << say(N_("The state was restored; the one of before is kept as {file}. Start samsynkd: it compares "
                            "all companies anew."),
                         {{"file", before}});
    std::cout << "\n";
}

}  // namespace

int backup_command(const Options& options, const std::string& file, bool force, const std::string& config) {
    if (file == "-") return to_standard_output(options, config);
    NewFile copy;
    if (const auto begun = copy.begin(file, force); begun.has_error()) return complain(options, begun.error());
    const auto copied = copy_state(options, config, [&](std::string_view part) { return copy.write(part); });
    if (copied.has_error()) return complain(options, copied.error());
    if (const auto kept = copy.finish(); kept.has_error()) return complain(options, kept.error());
    if (options.json)
        std::cout << boost::json::object{{"file", file}} << "\n";
    else
        std::cout
            << say(N_("The state was copied to {file}. The sign-in is not in it: after a restore elsewhere, sign in "
                      "anew."),
                   {{"file", file}})
            << "\n";
    return done;
}

int restore_command(const Options& options, const std::string& file, bool yes, const std::string& config) {
    const int source = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (source < 0)
        return complain(options, fail(Errc::bad_request, N_("{file} can't be read. Check the name, and your rights."),
                                      {{"file", file}}));
    if (!yes && !agreed_to(file)) {
        ::close(source);
        return complain(options, fail(Errc::bad_request, N_("Nothing was restored.")));
    }
    const auto ran = run_samsynkd(config, {"--restore"}, source);
    ::close(source);
    if (ran.has_error()) return complain(options, ran.error());
    if (ran->exit_code != 0) return ran->exit_code == usage ? usage : run_failed;
    tell_restored(options, file, plain(ran->output.substr(0, ran->output.find('\n'))));
    return done;
}

}  // namespace samsynk::client
