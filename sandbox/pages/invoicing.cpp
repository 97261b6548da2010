#include "sandbox/pages/customer_data.hpp"
#include "sandbox/pages/handlers.hpp"

namespace samsynk::sandbox {
namespace {

std::string settings_of(const std::string& number) {
    return "/bokforing/" + number + "/installningar/foretagsinstallningar/faktureringsuppgifter";
}

void show_choice(PageData& data, const char* name, std::optional<bool> choice) {
    data.set(std::string{name} + (!choice ? "_open" : *choice ? "_yes" : "_no"), true);
}

std::optional<bool> read_choice(const Visit& visit, const char* name) {
    const std::string given = visit.field(name);
    if (given != "yes" && given != "no") return std::nullopt;
    return given == "yes";
}

bool changes(std::optional<bool> chosen, std::optional<bool> stored) { return chosen && chosen != stored; }

ApiReply show_invoicing(Visit& visit, const StoredCustomer& stored, const std::string& complaint, int status) {
    const Customer& customer = stored.customer;
    PageData data = customer_data(visit, stored);
    const auto& one = customer.collaboration;
    data.set("collaboration", collaboration_data(visit, one ? &*one : nullptr));
    data.set("function_active", customer.function_active);
    show_choice(data, "receive", customer.receive_invoices);
    show_choice(data, "send", customer.send_all_invoices);
    if (customer.function_active && !in_effect(customer)) data.set("waits", true);
    put(data, "complaint", complaint);
    return page(visit, "invoicing.html", visit.word("invoicing_details"), std::move(data), status);
}

}  // namespace

ApiReply invoicing_start(Visit& visit) {
    const auto own = visit.desk.store.administered_by(visit.session.account->email);
    return own.size() == 1 ? go(visit, settings_of(own.front().customer.company.digits())) : go(visit, "/spiris");
}

ApiReply invoicing_page(Visit& visit) {
    if (visit.part.find('/') == std::string::npos && visit.request.path == "/bokforing/" + visit.part)
        return go(visit, settings_of(visit.part));
    const auto stored = own_company(visit);
    return stored ? show_invoicing(visit, *stored, "", 200) : not_found(visit);
}

ApiReply save_invoicing(Visit& visit) {
    const auto stored = own_company(visit);
    if (!stored) return not_found(visit);
    const Steps::Choices choices{.send_all_invoices = read_choice(visit, "send_all_invoices"),
                                 .receive_invoices = read_choice(visit, "receive_invoices")};
    const Customer& customer = stored->customer;
    if (!customer.function_active) return show_invoicing(visit, *stored, visit.word("function_missing"), 422);
    if (!changes(choices.send_all_invoices, customer.send_all_invoices) &&
        !changes(choices.receive_invoices, customer.receive_invoices))
        return go(visit, visit.request.path, visit.word("saved"));
    const Asked asked{.company = customer.company, .by = Party::customer, .seen_version = seen_version(visit)};
    const auto done = visit.steps.choose(asked, choices);
    if (done.has_error()) {
        const auto now = own_company(visit);
        return now ? show_invoicing(visit, *now, visit.word(done.error().message), status_of(done.error()))
                   : not_found(visit);
    }
    return go(visit, visit.request.path, visit.word("saved"));
}

}  // namespace samsynk::sandbox
