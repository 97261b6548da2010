// For those who test and measure: many companies, what is stored, a restored service.
#include <iostream>

#include "sandbox/commands/common.hpp"
#include "sandbox/store/customer_json.hpp"

namespace samsynk::sandbox {
namespace {

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
                const std::string at = to_rfc3339(wall_clock());
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

}  // namespace

void add_look_commands(CLI::App& program, const Data& data) {
    add_bulk(program, data);
    add_show(program, data);
    add_operations(program, data);
    program.add_subcommand("restore", "Begin a new epoch, as after a restore of the service")->callback([data] {
        OfficeStore store = open(data);
        store.transaction([&] { store.new_epoch(); });
    });
}

}  // namespace samsynk::sandbox
