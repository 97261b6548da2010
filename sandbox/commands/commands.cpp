#include "sandbox/commands/commands.hpp"

#include <iostream>

#include "core/ids.hpp"
#include "sandbox/flow/stockholm.hpp"
#include "sandbox/signin/token_store.hpp"
#include "sandbox/steps/steps.hpp"
#include "sandbox/store/customer_json.hpp"
#include "sandbox/store/office_store.hpp"

namespace samsynk::sandbox {
namespace {

using Data = std::shared_ptr<std::filesystem::path>;

Time now() { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); }

[[noreturn]] void complain(const std::string& text) {
    std::cerr << "samsynk-sandbox: " << text << std::endl;
    throw CLI::RuntimeError(1);
}

OrgNumber number_of(const std::string& text) {
    const auto number = OrgNumber::parse(text);
    if (number.has_error()) complain(text + ": " + to_text(number.error().message));
    return *number;
}

OfficeStore open(const Data& data) {
    std::filesystem::create_directories(*data);
    return OfficeStore{*data / "sandbox.db"};
}

// Changes one customer by a rule of the flow, in one transaction.
void change(const Data& data, const std::string& text,
            const std::function<Result<void>(Customer&, OfficeStore&)>& rule) {
    OfficeStore store = open(data);
    const OrgNumber number = number_of(text);
    store.transaction([&] {
        auto stored = store.find(number);
        if (!stored) complain(number.text() + " is not a customer. Add it with: company add");
        if (const auto done = rule(stored->customer, store); done.has_error()) complain(to_text(done.error().message));
        store.save(stored->customer);
    });
}

// Takes a step, or says what stands in its way.
using Taking = std::function<Result<StoredCustomer>(Steps&, const Asked&)>;
void take(const Data& data, const std::string& number, Party by, const Taking& step) {
    OfficeStore store = open(data);
    Steps steps{store};
    if (const auto done = step(steps, {.company = number_of(number), .by = by}); done.has_error())
        complain(to_text(done.error().message));
}

// `name NUMBER`, with one step.
void add_simple(CLI::App& program, const Data& data, const std::string& name, const std::string& help, Party by,
                Taking step) {
    auto* command = program.add_subcommand(name, help);
    auto number = std::make_shared<std::string>();
    command->add_option("NUMBER", *number, "The customer's organisation number")->required();
    command->callback([=] { take(data, *number, by, step); });
}

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
        given->another ? store.add_office(office) : store.set_office(office);
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

void add_activate(CLI::App& program, const Data& data) {
    auto* command = program.add_subcommand("activate", "Byråstöd: activate the collaboration for a customer");
    auto number = std::make_shared<std::string>();
    auto given = std::make_shared<Activation>();
    given->assignment = "u-1";
    given->invoice_recipient = "office";
    command->add_option("NUMBER", *number)->required();
    command->add_option("--assignment", given->assignment, "Uppdrag");
    command->add_option("--recipient", given->invoice_recipient, "Fakturamottagare: office or customer");
    command->add_option("--payee", given->payee, "Betalningsmottagare: office or customer; left out: not stated");
    command->add_option("--contact-name", given->contact_name);
    command->add_option("--contact-email", given->contact_email);
    auto office = std::make_shared<std::string>();
    command->add_option("--office", *office, "Another office's number");
    command->callback([=] {
        take(data, *number, Party::office, [&](Steps& steps, Asked asked) {
            asked.office = office->empty() ? open(data).office().company : number_of(*office).digits();
            return steps.activate(asked, *given);
        });
    });
}

void add_end(CLI::App& program, const Data& data) {
    struct Given {
        std::string number, last_day, by = "office";
    };
    auto* command = program.add_subcommand("end", "End a collaboration, now or on a date");
    auto given = std::make_shared<Given>();
    command->add_option("NUMBER", given->number)->required();
    command->add_option("--on", given->last_day, "The last day, as 2026-12-31");
    command->add_option("--by", given->by)->check(CLI::IsMember({"office", "customer"}))->capture_default_str();
    command->callback([=] {
        const Party by = given->by == "office" ? Party::office : Party::customer;
        take(data, given->number, by, [&](Steps& steps, const Asked& asked) {
            return given->last_day.empty() ? steps.end_now(asked) : steps.end_on(asked, given->last_day);
        });
    });
}

void choose(std::optional<bool>& choice, const std::string& word) {
    if (word == "yes") choice = true;
    if (word == "no") choice = false;
    if (word == "none") choice.reset();
}

void add_prefs(CLI::App& program, const Data& data) {
    struct Given {
        std::string number, send, receive;
    };
    auto* command = program.add_subcommand("prefs", "Bokföring & Fakturering: choose for a customer online");
    auto given = std::make_shared<Given>();
    const CLI::IsMember words{{"yes", "no", "none"}};
    command->add_option("NUMBER", given->number)->required();
    command->add_option("--send-all-invoices", given->send)->check(words);
    command->add_option("--receive-invoices", given->receive)->check(words);
    command->callback([=] {
        change(data, given->number, [&](Customer& customer, OfficeStore&) -> Result<void> {
            choose(customer.send_all_invoices, given->send);
            choose(customer.receive_invoices, given->receive);
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
            customer.offices[number_of(office).digits()][given->id] = given->name;
            return {};
        });
    });
}

void add_registration(CLI::App& program, const Data& data) {
    struct Given {
        std::string number, state, by;
    };
    auto* command = program.add_subcommand("register", "Set the registration as a receiver with the e-invoice network");
    auto given = std::make_shared<Given>();
    command->add_option("NUMBER", given->number)->required();
    command->add_option("STATE", given->state, "none, pending, registered, conflict or rejected")->required();
    command->add_option("--operator", given->by);
    command->callback([=] {
        change(data, given->number,
               [&](Customer& customer, OfficeStore&) { return set_registration(customer, given->state, given->by); });
    });
}

// A valid number for the nth company of a large test account.
OrgNumber nth_number(int n) {
    for (int check = 0; check < 10; ++check) {
        const auto number = OrgNumber::parse(std::to_string(559000000 + n) + std::to_string(check));
        if (number.has_value()) return *number;
    }
    complain("no check digit fits");
}

void add_bulk(CLI::App& program, const Data& data) {
    struct Given {
        int count = 0;
        std::string send, receive;
    };
    auto* command = program.add_subcommand("bulk", "Add many active companies, for measuring");
    auto given = std::make_shared<Given>();
    command->add_option("COUNT", given->count)->required()->check(CLI::Range(1, 100000));
    command->add_option("--send-all-invoices", given->send);
    command->add_option("--receive-invoices", given->receive);
    command->callback([=] {
        OfficeStore store = open(data);
        const Office office = store.office();
        store.transaction([&] {
            for (int n = 0; n < given->count; ++n) {
                Customer customer{.company = nth_number(n),
                                  .name = "Bolag " + std::to_string(n) + " AB",
                                  .on_spiris = true,
                                  .function_active = true};
                customer.offices[office.company].emplace("u-1", "Löpande bokföring");
                const std::string at = to_rfc3339(now());
                (void)activate(customer, {.id = "c-" + std::to_string(n),
                                          .office_company = office.company,
                                          .office_name = office.name,
                                          .assignment = "u-1",
                                          .invoice_recipient = "office",
                                          .at = at});
                (void)approve(customer, at);
                choose(customer.send_all_invoices, given->send);
                choose(customer.receive_invoices, given->receive);
                store.save(customer);
            }
        });
    });
}

void add_show(CLI::App& program, const Data& data) {
    auto* command = program.add_subcommand("show", "Show the records, as the contract has them, a line each");
    auto number = std::make_shared<std::string>();
    command->add_option("NUMBER", *number);
    command->callback([=] {
        OfficeStore store = open(data);
        for (const auto& stored : store.all())
            if (number->empty() || number_of(*number) == stored.customer.company)
                std::cout << record_of(stored.customer, stored.version, stored.updated_at) << "\n";
    });
}

void add_operations(CLI::App& program, const Data& data) {
    auto* command =
        program.add_subcommand("operations", "Show each applied operation, and how often it came, a line each");
    command->callback([=] {
        for (const auto& count : open(data).operation_counts())
            std::cout << boost::json::object{{"operation_id", count.id},
                                             {"company", count.company},
                                             {"set", boost::json::parse(count.set)},
                                             {"version", count.version},
                                             {"applied_at", count.applied_at},
                                             {"times_applied", count.times_applied},
                                             {"times_repeated", count.times_repeated}}
                      << "\n";
    });
}

// One process for many commands: for tests, and for scripts that would start one process a command.
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
                std::cerr << "samsynk-sandbox: " << line << ": " << mistake.what() << std::endl;
                done = false;
            }
            std::cout << (done ? "done" : "failed") << std::endl;
        }
    });
}

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

}  // namespace

void add_commands(CLI::App& program, Data data) {
    add_office(program, data);
    add_company(program, data);
    add_assignment(program, data);
    add_activate(program, data);
    const auto simple = [&](const char* name, const char* help, Party by,
                            Result<StoredCustomer> (Steps::*step)(const Asked&)) {
        add_simple(program, data, name, help, by,
                   [step](Steps& steps, const Asked& asked) { return (steps.*step)(asked); });
    };
    simple("remind", "Byråstöd: send the invitation once more", Party::office, &Steps::remind);
    simple("withdraw", "Byråstöd: take the invitation back", Party::office, &Steps::withdraw);
    simple("approve", "The customer approves", Party::customer, &Steps::approve);
    simple("accept-terms", "The customer's new administrator accepts the terms", Party::customer, &Steps::accept_terms);
    simple("decline", "The customer declines", Party::customer, &Steps::decline);
    simple("expire", "The invitation expires unanswered", Party::clock, &Steps::expire);
    add_end(program, data);
    add_prefs(program, data);
    add_registration(program, data);
    add_bulk(program, data);
    add_show(program, data);
    add_operations(program, data);
    add_script(program, data);
    add_signin(program, data);
    program.add_subcommand("restore", "Begin a new epoch, as after a restore of the service")->callback([data] {
        OfficeStore store = open(data);
        store.transaction([&] { store.new_epoch(); });
    });
}

}  // namespace samsynk::sandbox
