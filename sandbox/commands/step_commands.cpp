// The steps of the flow, and the choices.
#include "sandbox/commands/common.hpp"

namespace samsynk::sandbox {
namespace {

// Takes a step, or says what stands in its way.
using Taking = std::function<Result<StoredCustomer>(Steps&, const Asked&)>;
void take(const Data& data, const std::string& number, Party by, const Taking& step) {
    OfficeStore store = open(data);
    Steps steps{store};
    if (const auto done = step(steps, {.company = number_of(number), .by = by}); done.has_error())
        complain(to_text(done.error().message));
}

void add_simple(CLI::App& program, const Data& data, const std::string& name, const std::string& help, Party by,
                Taking step) {
    auto* command = program.add_subcommand(name, help);
    auto number = std::make_shared<std::string>();
    command->add_option("NUMBER", *number, "The customer's organisation number")->required();
    command->callback([=] { take(data, *number, by, step); });
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

}  // namespace

void add_step_commands(CLI::App& program, const Data& data) {
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
}

}  // namespace samsynk::sandbox
