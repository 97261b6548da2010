// Who is let in: people to the pages, and the agent for them.
#include <iostream>

#include "sandbox/commands/common.hpp"
#include "sandbox/flow/entered_name.hpp"
#include "sandbox/people/accounts.hpp"
#include "sandbox/signin/token_store.hpp"

namespace samsynk::sandbox {
namespace {

void add_decision(CLI::App& signin, const Data& data, const char* name, const char* help, DeviceState state) {
    auto* command = signin.add_subcommand(name, help);
    auto code = std::make_shared<std::string>();
    command->add_option("CODE", *code, "As samsynk login shows it")->required();
    command->callback([=] {
        if (!TokenStore{*data / "signin.db"}.decide(*code, state, moment_now()))
            complain("No code " + *code + " waits for an answer.");
    });
}

void add_signin(CLI::App& program, const Data& data) {
    auto* signin = program.add_subcommand("signin", "Who may sign in for the office")->require_subcommand(1);
    add_decision(*signin, data, "approve", "Let in who shows this code", DeviceState::approved);
    add_decision(*signin, data, "deny", "Turn away who shows this code", DeviceState::denied);
    signin->add_subcommand("list", "The codes that wait for an answer")->callback([data] {
        for (const Device& device : TokenStore{*data / "signin.db"}.devices(moment_now()))
            std::cout << device.user_code << "\n";
    });
    signin->add_subcommand("revoke", "End all sign-ins of people")->callback([data] {
        std::cout << TokenStore{*data / "signin.db"}.end_all_families() << " ended\n";
    });
}

void add_person(CLI::App& program, const Data& data) {
    struct Given {
        std::string email, name, office;
    };
    auto* person = program.add_subcommand("person", "Who signs in to the pages")->require_subcommand(1);
    auto* add = person->add_subcommand("add", "Let a person in, with a password from the standard input");
    auto given = std::make_shared<Given>();
    add->add_option("EMAIL", given->email)->required();
    add->add_option("NAME", given->name)->required();
    add->add_option("--office", given->office, "Works at the office with this number; else a customer's administrator");
    add->callback([=] {
        if (!is_email(given->email)) complain(given->email + " is no e-mail address.");
        const auto name = entered_name(Named::person, given->name);
        if (name.has_error()) complain(to_text(name.error().message));
        const Account account{.email = given->email,
                              .name = *name,
                              .office = given->office.empty() ? "" : number_of(given->office).digits()};
        OfficeStore store = open(data);
        if (!account.office.empty() && !store.office(account.office))
            complain(given->office + " is no office. Add it with: office --another");
        std::string password;
        std::getline(std::cin, password);
        if (const auto added = Accounts{*data / "accounts.db"}.add(account, password); added.has_error())
            complain(to_text(added.error().message));
    });
}

}  // namespace

void add_signin_commands(CLI::App& program, const Data& data) {
    add_signin(program, data);
    add_person(program, data);
}

}  // namespace samsynk::sandbox
