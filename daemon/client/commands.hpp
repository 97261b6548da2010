// The subcommands of `samsynk`. Each returns its exit code.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "client/http.hpp"

namespace samsynk::client {

enum ExitCode { done = 0, some_failed = 1, usage = 2, unreachable = 3, not_permitted = 4, run_failed = 5 };

struct Options {
    std::string socket;
    bool json = false;
};

int sync_command(const Options& options, const std::vector<std::string>& companies, bool dry_run);
int status_command(const Options& options);
int companies_command(const Options& options, const std::string& state);
int show_command(const Options& options, const std::string& company);
/// Words are yes, no, ja, nej; empty: let be.
int set_command(const Options& options, const std::string& company, const std::string& send,
                const std::string& receive);
/// Reads the file, and tries what it names; `file_only`: only reads it.
int config_check_command(const Options& options, const std::string& file, bool file_only);
/// Asks the daemon to look whether all is in order; where it does not run, looks at `file` with its program.
int doctor_command(const Options& options, const std::string& file);
int reload_command(const Options& options);
/// Empty: only tells it.
int log_level_command(const Options& options, const std::string& level);
int held_command(const Options& options);
/// `take` is local, online, or empty where the hold has a plan of its own.
int approve_command(const Options& options, const std::string& id, const std::string& take);
/// Lets a person sign in with a code, and waits for it. 5 where that came to nothing.
int login_command(const Options& options);
int logout_command(const Options& options);
int watch_command(const Options& options);
/// Serves the page for a browser at 127.0.0.1 until interrupted; `open`: also opens one, where that can be.
int ui_command(const Options& options, std::uint16_t port, bool open);
int explain_command(const Options& options, const std::string& company);
/// Of one company where it is not empty; `limit` runs.
int history_command(const Options& options, const std::string& company, unsigned limit);
int revert_command(const Options& options, const std::string& run);
/// Asks first, unless `yes`.
int release_command(const Options& options, const std::string& company, bool yes);

int installations_command(const Options& options);
int installation_test_command(const Options& options, const std::string& id, const std::string& company);
int installation_prepare_command(const Options& options, const std::string& id, bool apply);
/// Looks for itself, without the daemon, which may not be configured yet.
int installation_scan_command(const Options& options, const std::string& path);

/// Prints a run (as JSON with --json) and gives its exit code.
int tell_run(const Options& options, const boost::json::value& run);

int run_exit_code(const boost::json::value& run);

/// Prints the error (as JSON with --json) and gives its exit code.
int complain(const Options& options, const Error& error);
/// A company that someone named, as the daemon is asked for it.
struct NamedCompany {
    std::string number;     ///< ten digits; empty where none is known
    std::string place;      ///< `main:Ovnbol2000`; empty where it was named by its number
    std::string label;      ///< for people
    bool by_place = false;  ///< the place was named, or it is not the one that the number stands for

    std::string reference() const;  ///< the number, or the place
    std::string in_path() const;    ///< the same, in an address
};
/// By the number in any form, the place, the path of its folder, the name, or a part of name or place that fits one
/// only. Errors: bad_request, not_found.
Result<NamedCompany> resolve_company(ControlSocket& socket, const std::string& given);
/// The same where only a number will do.
Result<std::string> resolve_number(ControlSocket& socket, const std::string& given);
/// yes, no, ja, nej; in any case. Error bad_request.
Result<bool> read_choice(const std::string& word);

}  // namespace samsynk::client
