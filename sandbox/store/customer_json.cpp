#include "sandbox/store/customer_json.hpp"

namespace samsynk::sandbox {
namespace {

namespace json = boost::json;

json::value or_null(const std::string& text) { return text.empty() ? json::value(nullptr) : json::value(text); }
json::value or_null(std::optional<bool> choice) { return choice ? json::value(*choice) : json::value(nullptr); }
std::string text_at(const json::object& object, const char* key) {
    const auto* value = object.if_contains(key);
    return value && value->is_string() ? std::string{value->get_string()} : std::string{};
}
std::optional<bool> choice_at(const json::object& object, const char* key) {
    const auto* value = object.if_contains(key);
    return value && value->is_bool() ? std::optional<bool>{value->get_bool()} : std::nullopt;
}
bool flag_at(const json::object& object, const char* key) { return choice_at(object, key).value_or(false); }

json::value collaboration_json(const Customer& customer) {
    if (!customer.collaboration) return nullptr;
    const Collaboration& c = *customer.collaboration;
    const std::string_view state = name_of(c.state);
    return {{"id", c.id},
            {"state", json::string{state.data(), state.size()}},
            {"awaiting", or_null(c.awaiting)},
            {"office", {{"company", c.office_company}, {"name", c.office_name}}},
            {"assignment", {{"id", c.assignment_id}, {"name", c.assignment_name}}},
            {"invoice_recipient", c.invoice_recipient},
            {"payee", or_null(c.payee)},
            {"invited_at", or_null(c.invited_at)},
            {"approved_at", or_null(c.approved_at)},
            {"ends_on", or_null(c.ends_on)},
            {"ended_at", or_null(c.ended_at)}};
}

Collaboration collaboration_from(const json::object& object) {
    const auto& office = object.at("office").as_object();
    const auto& assignment = object.at("assignment").as_object();
    return {.id = text_at(object, "id"),
            .state = state_named(text_at(object, "state")).value(),
            .awaiting = text_at(object, "awaiting"),
            .office_company = text_at(office, "company"),
            .office_name = text_at(office, "name"),
            .assignment_id = text_at(assignment, "id"),
            .assignment_name = text_at(assignment, "name"),
            .invoice_recipient = text_at(object, "invoice_recipient"),
            .payee = text_at(object, "payee"),
            .invited_at = text_at(object, "invited_at"),
            .approved_at = text_at(object, "approved_at"),
            .ends_on = text_at(object, "ends_on"),
            .ended_at = text_at(object, "ended_at")};
}

}  // namespace

std::string to_text(const Customer& customer) {
    json::object assignments;
    for (const auto& [id, name] : customer.assignments) assignments[id] = name;
    return json::serialize(json::object{{"company", customer.company.digits()},
                                        {"name", customer.name},
                                        {"in_account", customer.in_account},
                                        {"on_spiris", customer.on_spiris},
                                        {"function_active", customer.function_active},
                                        {"administrator_name", customer.administrator_name},
                                        {"administrator_email", customer.administrator_email},
                                        {"assignments", std::move(assignments)},
                                        {"collaboration", collaboration_json(customer)},
                                        {"send_all_invoices", or_null(customer.send_all_invoices)},
                                        {"receive_invoices", or_null(customer.receive_invoices)},
                                        {"registration", customer.registration},
                                        {"registration_operator", customer.registration_operator}});
}

Customer customer_from(const std::string& text) {
    const json::value value = json::parse(text);
    const json::object& object = value.as_object();
    Customer customer{.company = OrgNumber::parse(text_at(object, "company")).value(), .name = text_at(object, "name")};
    customer.in_account = flag_at(object, "in_account");
    customer.on_spiris = flag_at(object, "on_spiris");
    customer.function_active = flag_at(object, "function_active");
    customer.administrator_name = text_at(object, "administrator_name");
    customer.administrator_email = text_at(object, "administrator_email");
    for (const auto& [id, name] : object.at("assignments").as_object())
        customer.assignments.emplace(std::string{id}, std::string{name.as_string()});
    if (const auto& collaboration = object.at("collaboration"); collaboration.is_object())
        customer.collaboration = collaboration_from(collaboration.get_object());
    customer.send_all_invoices = choice_at(object, "send_all_invoices");
    customer.receive_invoices = choice_at(object, "receive_invoices");
    customer.registration = text_at(object, "registration");
    customer.registration_operator = text_at(object, "registration_operator");
    return customer;
}

json::object record_of(const Customer& customer, std::int64_t version, const std::string& updated_at) {
    if (!customer.in_account) return {{"company", customer.company.digits()}, {"version", version}, {"gone", true}};
    return {
        {"company", customer.company.digits()},
        {"name", customer.name},
        {"version", version},
        {"updated_at", updated_at},
        {"function", customer.function_active ? "active" : "inactive"},
        {"collaboration", collaboration_json(customer)},
        {"preferences",
         {{"send_all_invoices", or_null(customer.send_all_invoices)},
          {"receive_invoices", or_null(customer.receive_invoices)}}},
        {"registration", {{"receive", customer.registration}, {"operator", or_null(customer.registration_operator)}}}};
}

}  // namespace samsynk::sandbox
