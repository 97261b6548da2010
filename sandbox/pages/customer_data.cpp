#include "sandbox/pages/customer_data.hpp"

#include "sandbox/flow/stockholm.hpp"

namespace samsynk::sandbox {
namespace {

std::string party_word(const Visit& visit, const std::string& party) {
    return visit.word(party.empty() ? "party_not_stated" : "party_" + party);
}

// What the state means for who reads it, in a sentence.
std::string state_sentence(const Visit& visit, const Collaboration& one) {
    std::string key = "about_" + std::string{name_of(one.state)};
    if (one.state == State::invited) key += "_" + one.awaiting;
    return visit.word(key, {{"office", one.office_name},
                            {"day", one.state == State::ending ? one.ends_on : one.expires_on},
                            {"since", day_of(one.state == State::ended ? one.ended_at : one.approved_at)}});
}

bool is_office_step(Step step) {
    return step == Step::remind || step == Step::withdraw || step == Step::end_now || step == Step::end_on;
}

bool is_customer_step(Step step) {
    return step == Step::approve || step == Step::accept_terms || step == Step::decline || step == Step::end_now ||
           step == Step::end_on;
}

Result<StoredCustomer> carry_out(Visit& visit, Step step, const Asked& asked) {
    switch (step) {
        case Step::remind:
            return visit.steps.remind(asked);
        case Step::withdraw:
            return visit.steps.withdraw(asked);
        case Step::approve:
            return visit.steps.approve(asked);
        case Step::accept_terms:
            return visit.steps.accept_terms(asked);
        case Step::decline:
            return visit.steps.decline(asked);
        case Step::end_on:
            return visit.steps.end_on(asked, visit.field("last_day"));
        default:
            return visit.steps.end_now(asked);
    }
}

}  // namespace

std::string day_of(const std::string& time) {
    const auto parsed = parse_rfc3339(time);
    return parsed.has_value() ? day_in_stockholm(*parsed) : "";
}

std::optional<StoredCustomer> office_customer(Visit& visit) {
    const auto number = OrgNumber::parse(visit.part);
    auto stored = number.has_value() ? visit.desk.store.find(*number) : std::nullopt;
    if (!stored || !stored->customer.in_account || !stored->customer.offices.contains(visit.session.account->office))
        return std::nullopt;
    return stored;
}

std::optional<StoredCustomer> own_company(Visit& visit) {
    const auto number = OrgNumber::parse(visit.part);
    auto stored = number.has_value() ? visit.desk.store.find(*number) : std::nullopt;
    if (!stored || email_key(stored->customer.administrator_email) != visit.session.account->email) return std::nullopt;
    return stored;
}

PageData customer_data(const Visit& visit, const StoredCustomer& stored) {
    const Customer& customer = stored.customer;
    const Situation situation = situation_of(customer);
    PageData data;
    data.set("number", customer.company.digits());
    data.set("shown_number", customer.company.masked());
    data.set("name", customer.name);
    data.set("version", std::to_string(stored.version));
    data.set("situation", visit.word(situation == Situation::not_on_spiris      ? "situation_not_on_spiris"
                                     : situation == Situation::without_function ? "situation_without_function"
                                                                                : "situation_with_function"));
    data.set("not_on_spiris", situation == Situation::not_on_spiris);
    data.set("without_function", situation == Situation::without_function);
    data.set("with_function", situation == Situation::with_function);
    put(data, "administrator_name", customer.administrator_name);
    put(data, "administrator_email", customer.administrator_email);
    data.set("registration", visit.word("registration_" + customer.registration));
    return data;
}

PageData collaboration_data(const Visit& visit, const Collaboration* one) {
    PageData data;
    if (!one) {
        data.set("state", visit.word("state_none"));
        data.set("kind", "none");
        return data;
    }
    const std::string state{name_of(one->state)};
    data.set("exists", true);
    data.set("state", visit.word("state_" + state));
    data.set("kind", state);
    put(data, "about", state_sentence(visit, *one));
    put(data, "office", one->office_name);
    put(data, "assignment", one->assignment_name);
    data.set("recipient", party_word(visit, one->invoice_recipient));
    data.set("payee", party_word(visit, one->payee));
    put(data, "invited_on", day_of(one->invited_at));
    put(data, "approved_on", day_of(one->approved_at));
    data.set("invited", one->state == State::invited);
    data.set("awaits_approval", one->state == State::invited && one->awaiting == "approval");
    data.set("awaits_terms", one->state == State::invited && one->awaiting == "terms");
    data.set("in_effect", one->state == State::active || one->state == State::ending);
    put(data, "ends_on", one->ends_on);
    put(data, "ended_by", one->ended_by.empty() ? "" : visit.word("party_" + one->ended_by));
    return data;
}

std::int64_t seen_version(const Visit& visit) {
    const std::string text = visit.field("version");
    const bool number = !text.empty() && text.size() < 16 && text.find_first_not_of("0123456789") == std::string::npos;
    return number ? std::stoll(text) : -1;
}

Result<StoredCustomer> take_step(Visit& visit, const StoredCustomer& before, Party by) {
    const auto step = step_named(visit.field("step"));
    const bool known = step && (by == Party::office ? is_office_step(*step) : is_customer_step(*step));
    if (!known) return fail(Errc::bad_request, N_("The form asks for a step that there is not."));
    const Asked asked{.company = before.customer.company,
                      .by = by,
                      .office = by == Party::office ? visit.session.account->office : "",
                      .seen_version = seen_version(visit)};
    auto done = carry_out(visit, *step, asked);
    if (done.has_value() || done.error().code != Errc::changed_meanwhile) return done;
    const auto now = visit.desk.store.find(before.customer.company);
    const bool there = now && now->customer.collaboration && can_lead_to(*step, now->customer.collaboration->state) &&
                       (*step != Step::end_on || now->customer.collaboration->ends_on == visit.field("last_day"));
    return there ? Result<StoredCustomer>{*now} : done;
}

PageData letters_data(Visit& visit, const OrgNumber& company) {
    PageData list{PageData::type::list};
    const auto letters = visit.desk.store.outbox().letters_of(company);
    for (auto letter = letters.rbegin(); letter != letters.rend(); ++letter) {
        if (letter->notice.office_company != visit.session.account->office) continue;
        const bool again = letter->state == LetterState::waiting && letter->trouble;
        PageData one;
        one.set("what", visit.word("mail_kind_" + std::string{name_of(letter->notice.kind)}));
        one.set("to", letter->notice.to_email);
        one.set("at", minute_in_stockholm(letter->sent_at.value_or(letter->created_at)));
        one.set("kind", std::string{name_of(letter->state)});
        one.set("state", visit.word("mail_state_" + (again ? "again" : std::string{name_of(letter->state)})));
        if (letter->trouble) put(one, "trouble", visit.word(*letter->trouble));
        list.push_back(one);
    }
    return list;
}

}  // namespace samsynk::sandbox
