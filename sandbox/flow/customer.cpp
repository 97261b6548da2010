#include "sandbox/flow/customer.hpp"

#include <array>

namespace samsynk::sandbox {
namespace {

constexpr std::array<std::pair<State, std::string_view>, 6> names{{{State::invited, "invited"},
                                                                   {State::active, "active"},
                                                                   {State::declined, "declined"},
                                                                   {State::expired, "expired"},
                                                                   {State::ending, "ending"},
                                                                   {State::ended, "ended"}}};

Error against(std::string sentence, const Customer& customer) {
    return fail(Errc::rejected, std::move(sentence), {{"name", customer.name}});
}

Result<void> need_invitation(const Customer& customer, const std::string& awaiting) {
    if (!customer.collaboration || customer.collaboration->state != State::invited)
        return against(N_("{name} has no invitation to answer."), customer);
    if (!awaiting.empty() && customer.collaboration->awaiting != awaiting)
        return against(awaiting == "terms" ? N_("{name} is asked to approve, not to accept the terms.")
                                           : N_("{name} must accept the terms of the service first."),
                       customer);
    return {};
}

Result<void> begin(Customer& customer, const std::string& at) {
    customer.collaboration->state = State::active;
    customer.collaboration->awaiting.clear();
    customer.collaboration->approved_at = at;
    return {};
}

}  // namespace

std::string_view name_of(State state) {
    for (const auto& [known, name] : names)
        if (known == state) return name;
    return {};
}

std::optional<State> state_named(std::string_view name) {
    for (const auto& [state, known] : names)
        if (known == name) return state;
    return std::nullopt;
}

Situation situation_of(const Customer& customer) {
    if (!customer.on_spiris) return Situation::not_on_spiris;
    return customer.function_active ? Situation::with_function : Situation::without_function;
}

bool has_live_collaboration(const Customer& customer) {
    if (!customer.collaboration) return false;
    const State state = customer.collaboration->state;
    return state == State::invited || state == State::active || state == State::ending;
}

bool in_effect(const Customer& customer) {
    return customer.collaboration &&
           (customer.collaboration->state == State::active || customer.collaboration->state == State::ending);
}

Result<void> activate(Customer& customer, const Activation& activation) {
    const auto assignment = customer.assignments.find(activation.assignment);
    if (assignment == customer.assignments.end())
        return against(N_("{name} has no such assignment. Add one in Byråstöd first."), customer);
    if (has_live_collaboration(customer))
        return against(N_("{name} already has a collaboration that is invited, active or ending."), customer);
    if (activation.invoice_recipient != "office" && activation.invoice_recipient != "customer")
        return against(N_("Choose office or customer as the invoice recipient for {name}."), customer);
    if (!activation.payee.empty() && activation.payee != "office" && activation.payee != "customer")
        return against(N_("The payee for {name} is office, customer, or not stated."), customer);
    const Situation situation = situation_of(customer);
    if (situation == Situation::not_on_spiris &&
        (activation.contact_name.empty() || activation.contact_email.find('@') == std::string::npos))
        return against(N_("{name} is not on Spiris: a contact's name and e-mail address are mandatory."), customer);
    if (situation == Situation::not_on_spiris) {
        customer.on_spiris = true;
        customer.administrator_name = activation.contact_name;
        customer.administrator_email = activation.contact_email;
    }
    customer.function_active = true;
    customer.collaboration = Collaboration{.id = activation.id,
                                           .state = State::invited,
                                           .awaiting = situation == Situation::not_on_spiris ? "terms" : "approval",
                                           .office_company = activation.office_company,
                                           .office_name = activation.office_name,
                                           .assignment_id = assignment->first,
                                           .assignment_name = assignment->second,
                                           .invoice_recipient = activation.invoice_recipient,
                                           .payee = activation.payee,
                                           .invited_at = activation.at};
    return {};
}

Result<void> approve(Customer& customer, const std::string& at) {
    if (auto invited = need_invitation(customer, "approval"); invited.has_error()) return invited;
    return begin(customer, at);
}

Result<void> accept_terms(Customer& customer, const std::string& at) {
    if (auto invited = need_invitation(customer, "terms"); invited.has_error()) return invited;
    return begin(customer, at);
}

Result<void> decline(Customer& customer) {
    if (auto invited = need_invitation(customer, ""); invited.has_error()) return invited;
    customer.collaboration->state = State::declined;
    customer.collaboration->awaiting.clear();
    return {};
}

Result<void> expire(Customer& customer) {
    if (auto invited = need_invitation(customer, ""); invited.has_error()) return invited;
    customer.collaboration->state = State::expired;
    customer.collaboration->awaiting.clear();
    return {};
}

Result<void> end_now(Customer& customer, const std::string& at) {
    if (!in_effect(customer)) return against(N_("{name} has no collaboration in effect to end."), customer);
    customer.collaboration->state = State::ended;
    customer.collaboration->ended_at = at;
    return {};
}

Result<void> end_on(Customer& customer, const std::string& last_day, const std::string& today) {
    if (!in_effect(customer)) return against(N_("{name} has no collaboration in effect to end."), customer);
    if (last_day < today) return against(N_("The last day of {name} has already passed."), customer);
    customer.collaboration->state = State::ending;
    customer.collaboration->ends_on = last_day;
    return {};
}

bool pass_date(Customer& customer, const std::string& today, const std::string& at) {
    if (!customer.collaboration || customer.collaboration->state != State::ending ||
        customer.collaboration->ends_on >= today)
        return false;
    return end_now(customer, at).has_value();
}

Result<void> set_registration(Customer& customer, const std::string& state, const std::string& by) {
    for (const char* known : {"none", "pending", "registered", "conflict", "rejected"})
        if (state == known) {
            customer.registration = state;
            customer.registration_operator = by;
            return {};
        }
    return against(N_("The registration of {name} is none, pending, registered, conflict or rejected."), customer);
}

}  // namespace samsynk::sandbox
