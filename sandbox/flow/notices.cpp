#include "sandbox/flow/notices.hpp"

namespace samsynk::sandbox {
namespace {

NoticeKind invitation_for(Situation situation) {
    switch (situation) {
        case Situation::not_on_spiris:
            return NoticeKind::invitation_new_on_spiris;
        case Situation::without_function:
            return NoticeKind::invitation_without_function;
        default:
            return NoticeKind::invitation_with_function;
    }
}

Notice about(NoticeKind kind, const Taken& taken, const Customer& customer) {
    const Collaboration& one = *customer.collaboration;
    return {.kind = kind,
            .company = customer.company.digits(),
            .company_name = customer.name,
            .office_company = one.office_company,
            .office_name = one.office_name,
            .assignment_name = one.assignment_name,
            .invoice_recipient = one.invoice_recipient,
            .payee = one.payee,
            .expires_on = one.expires_on,
            .last_day = one.state == State::ending || taken.step == Step::pass_end ? one.ends_on : "",
            .awaiting = one.awaiting,
            .existing_administrator = taken.existing_administrator,
            .by_office = taken.by == Party::office,
            .by_clock = taken.by == Party::clock};
}

void to_customer(std::vector<Notice>& letters, Notice notice, const Customer& customer) {
    if (customer.administrator_email.empty()) return;
    notice.language = customer.language;
    notice.to_name = customer.administrator_name;
    notice.to_email = customer.administrator_email;
    if (customer.collaboration->state == State::invited) notice.token = customer.collaboration->token;
    letters.push_back(std::move(notice));
}

void to_office(std::vector<Notice>& letters, Notice notice, const Office& office) {
    if (office.email.empty()) return;
    notice.language = office.language;
    notice.to_office = true;
    notice.to_name = office.name;
    notice.to_email = office.email;
    letters.push_back(std::move(notice));
}

// What the other party is told of an ending; of one that the calendar brought, both.
void of_ending(std::vector<Notice>& letters, NoticeKind kind, const Taken& taken, const Customer& customer,
               const Office& office) {
    if (taken.by != Party::customer) to_customer(letters, about(kind, taken, customer), customer);
    if (taken.by != Party::office) to_office(letters, about(kind, taken, customer), office);
}

}  // namespace

std::vector<Notice> notices_of(const Taken& taken, const Customer& customer, const Office& office) {
    std::vector<Notice> letters;
    const auto tell_office = [&](NoticeKind kind) { to_office(letters, about(kind, taken, customer), office); };
    switch (taken.step) {
        case Step::activate:
            to_customer(letters, about(invitation_for(taken.before), taken, customer), customer);
            break;
        case Step::remind:
            to_customer(letters, about(NoticeKind::reminder, taken, customer), customer);
            break;
        case Step::approve:
            tell_office(NoticeKind::approved);
            break;
        case Step::accept_terms:
            tell_office(NoticeKind::terms_accepted);
            break;
        case Step::decline:
            tell_office(NoticeKind::declined);
            break;
        case Step::expire:
            tell_office(NoticeKind::expired);
            break;
        case Step::withdraw:
            break;
        case Step::end_on:
            of_ending(letters, NoticeKind::ending, taken, customer, office);
            break;
        case Step::end_now:
        case Step::pass_end:
            of_ending(letters, NoticeKind::ended, taken, customer, office);
            break;
    }
    return letters;
}

}  // namespace samsynk::sandbox
