// The office, its customers and their assignments.
#include "sandbox/commands/common.hpp"
#include "sandbox/flow/entered_name.hpp"
#include "sandbox/people/accounts.hpp"

namespace samsynk::sandbox {
namespace {

void add_office(CLI::App& program, const Data& data) {
    struct Given {
        std::string number, name, email, language = "sv";
        bool another = false;
    };
    auto* command = program.add_subcommand("office", "Name the accounting office");
    auto given = std::make_shared<Given>();
    command->add_option("NUMBER", given->number)->required();
    command->add_option("NAME", given->name)->required();
    command->add_option("--email", given->email, "Where it is written to");
    command->add_option("--language", given->language)->check(CLI::IsMember({"sv", "en"}));
    command->add_flag("--another", given->another, "One more office, whose account the daemon does not see");
    command->callback([=] {
        OfficeStore store = open(data);
        Office office{.company = number_of(given->number).digits(),
                      .name = given->name,
                      .email = given->email,
                      .language = language_named(given->language)};
        if (!office.email.empty() && !is_email(office.email)) complain(office.email + " is no e-mail address.");
        if (office.email.empty())
            office.email = given->another ? "kontoret@" + office.company + ".example" : store.office().email;
        const std::string before = store.office().company;
        if (const auto named = Steps{store}.name_office(office, given->another); named.has_error())
            complain(to_text(named.error().message));
        if (!given->another) Accounts{*data / "accounts.db"}.move(before, office.company);
    });
}

void add_company(CLI::App& program, const Data& data) {
    struct Given {
        std::string number, name, online = "full", office, person, email;
    };
    auto* company = program.add_subcommand("company", "The office's customers")->require_subcommand(1);
    auto* add = company->add_subcommand("add", "Add a customer");
    auto given = std::make_shared<Given>();
    add->add_option("NUMBER", given->number)->required();
    add->add_option("NAME", given->name)->required();
    add->add_option("--online", given->online, "none: not on Spiris, spiris: without the function, full: with it")
        ->check(CLI::IsMember({"none", "spiris", "full"}));
    add->add_option("--office", given->office, "Another office's number");
    add->add_option("--administrator-name", given->person, "Who speaks for it on Spiris");
    add->add_option("--administrator-email", given->email);
    add->callback([=] {
        OfficeStore store = open(data);
        const std::string office = given->office.empty() ? store.office().company : number_of(given->office).digits();
        Customer customer{.company = number_of(given->number), .name = given->name};
        customer.on_spiris = given->online != "none";
        customer.function_active = given->online == "full";
        if (!given->email.empty() && !is_email(given->email)) complain(given->email + " is no e-mail address.");
        if (customer.on_spiris) {
            customer.administrator_name = given->person.empty() ? "Administratören" : given->person;
            customer.administrator_email =
                given->email.empty() ? "admin@" + customer.company.digits() + ".example" : given->email;
        }
        customer.offices[office].emplace("u-1", "Löpande bokföring");
        if (const auto done = Steps{store}.add_customer(office, customer); done.has_error())
            complain(to_text(done.error().message));
    });
    auto* remove = company->add_subcommand("remove", "Let a customer leave the account");
    auto leaving = std::make_shared<std::string>();
    remove->add_option("NUMBER", *leaving)->required();
    remove->callback([=] {
        change(data, *leaving, [](Customer& customer, OfficeStore&) -> Result<void> {
            customer.in_account = false;
            return {};
        });
    });
    auto* restore = company->add_subcommand("return", "Let a customer come back");
    restore->add_option("NUMBER", *leaving)->required();
    restore->callback([=] {
        change(data, *leaving, [](Customer& customer, OfficeStore&) -> Result<void> {
            customer.in_account = true;
            return {};
        });
    });
}

void add_assignment(CLI::App& program, const Data& data) {
    struct Given {
        std::string number, id, name, office;
    };
    auto* command = program.add_subcommand("assignment", "Byråstöd: add an assignment (uppdrag) to a customer");
    auto given = std::make_shared<Given>();
    command->add_option("NUMBER", given->number)->required();
    command->add_option("ID", given->id)->required();
    command->add_option("NAME", given->name)->required();
    command->add_option("--office", given->office, "Another office's number");
    command->callback([=] {
        change(data, given->number, [&](Customer& customer, OfficeStore& store) -> Result<void> {
            const std::string office = given->office.empty() ? store.office().company : given->office;
            const auto id = entered_name(Named::assignment_id, given->id);
            if (id.has_error()) return id.error();
            const auto name = entered_name(Named::assignment, given->name);
            if (name.has_error()) return name.error();
            customer.offices[number_of(office).digits()][*id] = *name;
            return {};
        });
    });
}

}  // namespace

void add_office_commands(CLI::App& program, const Data& data) {
    add_office(program, data);
    add_company(program, data);
    add_assignment(program, data);
}

}  // namespace samsynk::sandbox
