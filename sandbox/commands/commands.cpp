#include "sandbox/commands/commands.hpp"

#include <iostream>

#include "core/plain_text.hpp"
#include "sandbox/commands/common.hpp"

namespace samsynk::sandbox {
namespace {

void add_script(CLI::App& program, const Data& data) {
    auto* command = program.add_subcommand(
        "script", "Carry out commands from the standard input, a line each; `done` or `failed` ends each one's output");
    command->callback([=] {
        for (std::string line; std::getline(std::cin, line);) {
            CLI::App one{"A line of a script."};
            one.require_subcommand(1);
            add_commands(one, data);
            bool done = true;
            try {
                one.parse(line, false);
            } catch (const CLI::RuntimeError&) {
                done = false;
            } catch (const CLI::ParseError& mistake) {
                std::cerr << "samsynk-sandbox: " << plain(line) << ": " << plain(mistake.what()) << std::endl;
                done = false;
            }
            std::cout << (done ? "done" : "failed") << std::endl;
        }
    });
}

}  // namespace

void add_commands(CLI::App& program, Data data) {
    add_office_commands(program, data);
    add_step_commands(program, data);
    add_look_commands(program, data);
    add_letter_commands(program, data);
    add_signin_commands(program, data);
    add_script(program, data);
}

}  // namespace samsynk::sandbox
