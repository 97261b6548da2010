#include "sandbox/store/customer_json.hpp"

#include "core/plain_text.hpp"

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

// As the contract has it.
json::object shown(const Collaboration& one) {
    return {{"id", one.id},
            {"state", json::string{name_of(one.state)}},
            {"awaiting", or_null(one.awaiting)},
            {"office", {{"company", one.office_company}, {"name", one.office_name}}},
            {"assignment", {{"id", one.assignment_id}, {"name", one.assignment_name}}},
            {"invoice_recipient", one.invoice_recipient},
            {"payee", or_null(one.payee)},
            {"invited_at", or_null(one.invited_at)},
            {"approved_at", or_null(one.approved_at)},
            {"ends_on", or_null(one.ends_on)},
            {"ended_at", or_null(one.ended_at)}};
}

// What is kept: what the contract shows, and what only the sandbox knows.
json::object kept(const Collaboration& one) {
    json::object object = shown(one);
    object["expires_on"] = one.expires_on;
    object["token"] = one.token;
    object["reminded_at"] = one.reminded_at;
    object["ended_by"] = one.ended_by;
    return object;
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
            .ended_at = text_at(object, "ended_at"),
            .expires_on = text_at(object, "expires_on"),
            .token = text_at(object, "token"),
            .reminded_at = text_at(object, "reminded_at"),
            .ended_by = text_at(object, "ended_by")};
}

json::object offices_json(const Customer& customer) {
    json::object offices;
    for (const auto& [office, assignments] : customer.offices) {
        json::object list;
        for (const auto& [id, name] : assignments) list[id] = name;
        offices[office] = std::move(list);
    }
    return offices;
}

}  // namespace

std::string to_text(const Customer& customer) {
    json::array earlier;
    for (const Collaboration& one : customer.earlier) earlier.push_back(kept(one));
    // What is no UTF-8 could not be read again.
    return valid_utf8(json::serialize(json::object{
        {"company", customer.company.digits()},
        {"name", customer.name},
        {"in_account", customer.in_account},
        {"on_spiris", customer.on_spiris},
        {"function_active", customer.function_active},
        {"administrator_name", customer.administrator_name},
        {"administrator_email", customer.administrator_email},
        {"language", json::string{name_of(customer.language)}},
        {"offices", offices_json(customer)},
        {"collaboration", customer.collaboration ? json::value(kept(*customer.collaboration)) : json::value(nullptr)},
        {"earlier", std::move(earlier)},
        {"send_all_invoices", or_null(customer.send_all_invoices)},
        {"receive_invoices", or_null(customer.receive_invoices)},
        {"registration", customer.registration},
        {"registration_operator", customer.registration_operator}}));
}

Customer customer_from(const std::string& text) {
    const json::value value = json::parse(text);
    const json::object& object = value.as_object();
    // Of an earlier version, which took more numbers, perhaps.
    Customer customer{.company = OrgNumber::of(std::stoull(text_at(object, "company"))).value(),
                      .name = text_at(object, "name")};
    customer.in_account = flag_at(object, "in_account");
    customer.on_spiris = flag_at(object, "on_spiris");
    customer.function_active = flag_at(object, "function_active");
    customer.administrator_name = text_at(object, "administrator_name");
    customer.administrator_email = text_at(object, "administrator_email");
    customer.language = language_named(text_at(object, "language"));
    for (const auto& [office, list] : object.at("offices").as_object()) {
        Assignments& assignments = customer.offices[std::string{office}];
        for (const auto& [id, name] : list.as_object())
            assignments.emplace(std::string{id}, std::string{name.as_string()});
    }
    if (const auto& one = object.at("collaboration"); one.is_object())
        customer.collaboration = collaboration_from(one.get_object());
    for (const auto& one : object.at("earlier").as_array())
        customer.earlier.push_back(collaboration_from(one.as_object()));
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
        {"collaboration", customer.collaboration ? json::value(shown(*customer.collaboration)) : json::value(nullptr)},
        {"preferences",
         {{"send_all_invoices", or_null(customer.send_all_invoices)},
          {"receive_invoices", or_null(customer.receive_invoices)}}},
        {"registration", {{"receive", customer.registration}, {"operator", or_null(customer.registration_operator)}}}};
}

}  // namespace samsynk::sandbox
