// The command line of `samsynk`: its options, the table of its commands, and what these share.
#pragma once

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "client/http.hpp"
#include "client/language.hpp"

namespace samsynk::client {

enum ExitCode { done = 0, some_failed = 1, usage = 2, unreachable = 3, not_permitted = 4, run_failed = 5 };

/// What a command comes to. An error is printed, and tells the exit code.
using Outcome = Result<ExitCode>;

struct Options {
    std::string socket;
    bool json = false;
    std::string config;  ///< of the daemon at `socket`; empty where that is not known
};

/// What is given to the commands; each has its own of these.
struct Arguments {
    std::vector<std::string> companies;
    std::string company, send, receive, state, hold, take, run, installation, path, level;
    std::string file = "/etc/samsynk/samsynk.yaml";
    bool dry_run = false, yes = false, apply = false, file_only = false, force = false, names = false;
    bool no_open = false;
    unsigned limit = 20;
    std::uint16_t port = 0;
};

class CommandLine {
public:
    explicit CommandLine(CLI::App& program) : program_{program} {}

    using Run = std::function<Outcome(const Options& options, const Arguments& given)>;

    /// `about` is translatable. `run` is called where the command was chosen.
    CLI::App* add(const std::string& name, const char* about, Run run);
    /// The same below another command.
    CLI::App* add_below(CLI::App* parent, const std::string& name, const char* about, Run run);
    /// A command that only others stand below.
    CLI::App* add_group(const std::string& name, const char* about);

    Options options;
    Arguments given;
    int exit_code = done;

private:
    CLI::App& program_;
};

/// All commands, in the order in which the help lists them.
void add_commands(CommandLine& line);

/// As JSON with --json, else in the reader's language. Gives the exit code.
ExitCode print_error(const Options& options, const Error& error);

/// Where no daemon answers because it is not configured yet: an error that says what to write, and what to start then.
Error diagnosed(const Options& options, const Error& error);

using Print = void(const boost::json::value& answer);

/// For scripts: with nothing in it that steers a terminal.
void print_json(const boost::json::value& value);

/// What the daemon answered: as it is with --json, else as `print` shows it to people.
void print_answer(const Options& options, const boost::json::value& answer, Print* print);

/// Calls the daemon, and prints its answer so. Done, unless `exit_code` finds something else in the answer.
Outcome call_and_print(const Options& options, const std::string& method, const std::string& target,
                       const boost::json::value& body, Print* print,
                       ExitCode (*exit_code)(const boost::json::value& answer) = nullptr);

/// Adds --config, for commands that do without a daemon where none runs.
void add_config_option(CLI::App* command, Arguments& given);

/// Whether it may be the id of something: it is a part of the address that is asked.
bool is_id(const std::string& text);

/// Calls `heard` for each JSON line of the answer, and gives what its last one tells as the result.
Result<boost::json::value> stream_to_result(ControlSocket& socket, const std::string& target, const std::string& body,
                                            const std::function<void(const boost::json::object&)>& heard);

/// yes, no, ja, nej; in any case. Error bad_request.
Result<bool> read_choice(const std::string& word);

}  // namespace samsynk::client
