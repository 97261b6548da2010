#include "sandbox/flow/customer.hpp"

#include <algorithm>
#include <utility>

#include "core/plain_text.hpp"
#include "sandbox/flow/entered_name.hpp"

namespace samsynk::sandbox {
namespace {

Error against(std::string sentence, const Customer& customer) {
    return fail(Errc::rejected, std::move(sentence), {{"name", customer.name}});
}

void move_to(Customer& customer, const Place& place) {
    customer.collaboration->state = *place.state;
    customer.collaboration->awaiting = place.awaiting;
}

// Takes an invitation further, or says why it can't be.
Result<void> answer(Customer& customer, Step step) {
    const auto place = after(place_of(customer), step, Party::customer);
    if (place) {
        move_to(customer, *place);
        return {};
    }
    if (place_of(customer).state != State::invited) return against(N_("{name} has no invitation to answer."), customer);
    return against(step == Step::approve ? N_("{name} must accept the terms of the service first.")
                                         : N_("{name} is asked to approve, not to accept the terms."),
                   customer);
}

Result<void> begin(Customer& customer, Step step, const std::string& at) {
    auto answered = answer(customer, step);
    if (answered.has_value()) customer.collaboration->approved_at = at;
    return answered;
}

Result<void> own(const Customer& customer, const std::string& office) {
    if (office.empty() || (customer.collaboration && customer.collaboration->office_company == office)) return {};
    return against(N_("Your office has no collaboration with {name}."), customer);
}

// What the office does with its invitation.
Result<Place> with_invitation(const Customer& customer, const std::string& office, Step step) {
    if (auto ours = own(customer, office); ours.has_error()) return ours.error();
    if (const auto place = after(place_of(customer), step, Party::office)) return *place;
    return against(N_("{name} has no invitation that waits for an answer."), customer);
}

Result<Place> to_end(const Customer& customer, Step step, Party by, const std::string& office) {
    if (auto ours = own(customer, office); ours.has_error()) return ours.error();
    if (const auto place = after(place_of(customer), step, by)) return *place;
    return against(N_("{name} has no collaboration in effect to end."), customer);
}

bool is_party(const std::string& word) { return word == "office" || word == "customer"; }

Result<std::string> assignment_name(const Customer& customer, const Activation& activation) {
    const auto office = customer.offices.find(activation.office_company);
    if (office == customer.offices.end()) return against(N_("{name} is not a customer of your office."), customer);
    if (office->second.empty()) return against(N_("{name} has no assignment. Add one in Byråstöd first."), customer);
    const auto assignment = office->second.find(activation.assignment);
    if (assignment == office->second.end())
        return against(N_("{name} has no such assignment. Add one in Byråstöd first."), customer);
    return assignment->second;
}

Result<void> may_activate(const Customer& customer, const Activation& activation) {
    if (has_live_collaboration(customer))
        return customer.collaboration->office_company == activation.office_company
                   ? against(N_("{name} already has a collaboration that is invited, active or ending."), customer)
                   : against(N_("{name} already has a collaboration with another office. It must end first: the "
                                "customer or that office can end it."),
                             customer);
    if (!is_party(activation.invoice_recipient))
        return against(N_("Choose office or customer as the invoice recipient for {name}."), customer);
    if (!activation.payee.empty() && !is_party(activation.payee))
        return against(N_("The payee for {name} is office, customer, or not stated."), customer);
    if (situation_of(customer) != Situation::not_on_spiris) return {};
    if (activation.contact_name.empty() || activation.contact_email.empty())
        return against(N_("{name} is not on Spiris: a contact's name and e-mail address are mandatory."), customer);
    if (!is_email(activation.contact_email))
        return against(N_("The e-mail address of {name}'s contact can't be right. It looks like eva@example.se."),
                       customer);
    const auto name = entered_name(Named::person, activation.contact_name);
    return name.has_error() ? Result<void>{name.error()} : Result<void>{};
}

}  // namespace

Situation situation_of(const Customer& customer) {
    if (!customer.on_spiris) return Situation::not_on_spiris;
    return customer.function_active ? Situation::with_function : Situation::without_function;
}

Place place_of(const Customer& customer) {
    if (!customer.collaboration) return {};
    return {customer.collaboration->state, customer.collaboration->awaiting};
}

bool has_live_collaboration(const Customer& customer) {
    const auto state = place_of(customer).state;
    return state == State::invited || state == State::active || state == State::ending;
}

bool in_effect(const Customer& customer) {
    const auto state = place_of(customer).state;
    return state == State::active || state == State::ending;
}

const Collaboration* seen_by(const Customer& customer, const std::string& office) {
    if (customer.collaboration && customer.collaboration->office_company == office) return &*customer.collaboration;
    const auto found = std::find_if(customer.earlier.rbegin(), customer.earlier.rend(),
                                    [&](const Collaboration& one) { return one.office_company == office; });
    return found == customer.earlier.rend() ? nullptr : &*found;
}

Result<void> activate(Customer& customer, const Activation& activation) {
    auto assignment = assignment_name(customer, activation);
    if (assignment.has_error()) return assignment.error();
    if (auto may = may_activate(customer, activation); may.has_error()) return may;
    const bool is_new = situation_of(customer) == Situation::not_on_spiris;
    const auto place = after(place_of(customer), Step::activate, Party::office, is_new ? "terms" : "approval");
    if (is_new) {
        customer.administrator_name = entered_name(Named::person, activation.contact_name).value();
        customer.administrator_email = activation.contact_email;
    }
    customer.function_active = true;
    customer.language = activation.language.value_or(customer.language);
    if (customer.collaboration) customer.earlier.push_back(std::move(*customer.collaboration));
    customer.collaboration = Collaboration{.id = activation.id,
                                           .office_company = activation.office_company,
                                           .office_name = activation.office_name,
                                           .assignment_id = activation.assignment,
                                           .assignment_name = *assignment,
                                           .invoice_recipient = activation.invoice_recipient,
                                           .payee = activation.payee,
                                           .invited_at = activation.at,
                                           .expires_on = activation.expires_on,
                                           .token = activation.token};
    move_to(customer, place.value());
    return {};
}

Result<void> remind(Customer& customer, const std::string& office, const std::string& at,
                    const std::string& a_minute_ago) {
    const auto place = with_invitation(customer, office, Step::remind);
    if (place.has_error()) return place.error();
    Collaboration& invited = *customer.collaboration;
    if (std::max(invited.invited_at, invited.reminded_at) > a_minute_ago)
        return against(N_("{name} was written to just now. Wait a minute before you remind."), customer);
    invited.reminded_at = at;
    return {};
}

Result<void> withdraw(Customer& customer, const std::string& office) {
    const auto place = with_invitation(customer, office, Step::withdraw);
    if (place.has_error()) return place.error();
    move_to(customer, *place);
    return {};
}

Result<void> approve(Customer& customer, const std::string& at) { return begin(customer, Step::approve, at); }
Result<void> accept_terms(Customer& customer, const std::string& at) {
    auto accepted = begin(customer, Step::accept_terms, at);
    if (accepted.has_value()) customer.on_spiris = true;
    return accepted;
}

Result<void> decline(Customer& customer) { return answer(customer, Step::decline); }

Result<void> expire(Customer& customer) {
    const auto place = after(place_of(customer), Step::expire, Party::clock);
    if (!place) return against(N_("{name} has no invitation to answer."), customer);
    move_to(customer, *place);
    return {};
}

Result<void> end_now(Customer& customer, const std::string& at, Party by, const std::string& office) {
    const auto place = to_end(customer, Step::end_now, by, office);
    if (place.has_error()) return place.error();
    move_to(customer, *place);
    customer.collaboration->ended_at = at;
    customer.collaboration->ended_by = name_of(by);
    return {};
}

Result<void> end_on(Customer& customer, const std::string& last_day, const std::string& today, Party by,
                    const std::string& office) {
    const auto place = to_end(customer, Step::end_on, by, office);
    if (place.has_error()) return place.error();
    if (last_day < today) return against(N_("The last day of {name} has already passed."), customer);
    move_to(customer, *place);
    customer.collaboration->ends_on = last_day;
    customer.collaboration->ended_by = name_of(by);
    return {};
}

bool pass_date(Customer& customer, const std::string& today, const std::string& at) {
    if (!customer.collaboration) return false;
    Collaboration& one = *customer.collaboration;
    const bool invited = one.state == State::invited;
    const std::string& last_day = invited ? one.expires_on : one.ends_on;
    const auto place = after(place_of(customer), invited ? Step::expire : Step::pass_end, Party::clock);
    if (!place || last_day.empty() || last_day >= today) return false;
    if (!invited) one.ended_at = at;
    move_to(customer, *place);
    return true;
}

Result<void> set_registration(Customer& customer, const std::string& state, const std::string& by) {
    for (const char* known : {"none", "pending", "registered", "conflict", "rejected"})
        if (state == known) {
            const auto name = by.empty() ? Result<std::string>{by} : entered_name(Named::e_invoice_operator, by);
            if (name.has_error()) return name.error();
            customer.registration = state;
            customer.registration_operator = *name;
            return {};
        }
    return against(N_("The registration of {name} is none, pending, registered, conflict or rejected."), customer);
}

bool is_email(const std::string& text) {
    const auto at = text.find('@');
    if (text.size() > 254 || at == std::string::npos || at == 0 || text.find('@', at + 1) != std::string::npos)
        return false;
    const std::string domain = text.substr(at + 1);
    const auto dot = domain.find('.');
    if (dot == std::string::npos || dot == 0 || domain.back() == '.' || domain.find("..") != std::string::npos)
        return false;
    return plain(text) == text && text.find_first_of(" \t\r\n<>()[]\\,;:\"") == std::string::npos;
}

}  // namespace samsynk::sandbox
