#include "sandbox/pages/customer_data.hpp"
#include "sandbox/pages/handlers.hpp"

namespace samsynk::sandbox {
namespace {

std::string page_of_collaboration(const Visit& visit) {
    return visit.request.path.substr(0, visit.request.path.rfind('/'));
}

PageData assignment_choices(const Visit& visit, const Assignments& assignments) {
    PageData list{PageData::type::list};
    for (const auto& [id, name] : assignments) {
        PageData one;
        one.set("id", id);
        one.set("name", name);
        one.set("chosen", visit.field("assignment") == id || assignments.size() == 1);
        list.push_back(one);
    }
    return list;
}

ApiReply show_activation(Visit& visit, const StoredCustomer& stored, const std::string& complaint, int status) {
    const Assignments& assignments = stored.customer.offices.at(visit.session.account->office);
    PageData data = customer_data(visit, stored);
    data.set("tab_collaborations", true);
    data.set("no_assignment", assignments.empty());
    data.set("assignments", assignment_choices(visit, assignments));
    data.set("recipient_" + visit.field("recipient"), true);
    data.set(visit.field("payee").empty() ? "payee_not_stated" : "payee_" + visit.field("payee"), true);
    const bool again = visit.request.method == "POST";
    data.set("contact_name", again ? visit.field("contact_name") : stored.customer.administrator_name);
    data.set("contact_email", again ? visit.field("contact_email") : stored.customer.administrator_email);
    const bool english = again ? visit.field("language") == "en" : stored.customer.language == Language::en;
    data.set(english ? "letters_english" : "letters_swedish", true);
    put(data, "complaint", complaint);
    return page(visit, "byra_activate.html", stored.customer.name, std::move(data), status);
}

std::string done_words(const Visit& visit, const StoredCustomer& before) {
    const std::string key = situation_of(before.customer) == Situation::not_on_spiris      ? "done_activate_new"
                            : situation_of(before.customer) == Situation::without_function ? "done_activate_without"
                                                                                           : "done_activate_with";
    return visit.word(key, {{"name", before.customer.name}});
}

}  // namespace

ApiReply activate_page(Visit& visit) {
    const auto stored = office_customer(visit);
    if (!stored) return not_found(visit);
    if (has_live_collaboration(stored->customer)) return go(visit, page_of_collaboration(visit), visit.word("is_live"));
    return show_activation(visit, *stored, "", 200);
}

ApiReply activate_collaboration(Visit& visit) {
    const auto stored = office_customer(visit);
    if (!stored) return not_found(visit);
    // A second click, or an old page: what was asked for is there already, and is shown as it is.
    if (has_live_collaboration(stored->customer)) return go(visit, page_of_collaboration(visit), visit.word("is_live"));
    if (visit.field("recipient").empty()) return show_activation(visit, *stored, visit.word("choose_recipient"), 422);
    Activation activation{.assignment = visit.field("assignment"),
                          .invoice_recipient = visit.field("recipient"),
                          .payee = visit.field("payee"),
                          .contact_name = visit.given("contact_name"),
                          .contact_email = email_key(visit.field("contact_email")),
                          .language = language_named(visit.field("language"))};
    const Asked asked{.company = stored->customer.company, .office = visit.session.account->office};
    const auto done = visit.steps.activate(asked, std::move(activation));
    if (done.has_error())
        return show_activation(visit, *stored, visit.word(done.error().message), status_of(done.error()));
    return go(visit, page_of_collaboration(visit), done_words(visit, *stored));
}

}  // namespace samsynk::sandbox
