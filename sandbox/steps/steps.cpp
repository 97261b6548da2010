#include "sandbox/steps/steps.hpp"

#include "core/ids.hpp"
#include "sandbox/flow/entered_name.hpp"
#include "sandbox/flow/stockholm.hpp"

namespace samsynk::sandbox {
namespace {

constexpr std::chrono::days days_to_answer{30};

Error none_such(const OrgNumber& company) {
    return fail(Errc::not_found, N_("{number} is not a customer."), {{"number", company.masked()}});
}

// Undoes a transaction with its reason.
struct Refused {
    Error error;
};

std::string next_id(const Assignments& assignments) {
    for (std::size_t n = assignments.size() + 1;; ++n)
        if (std::string id = "u-" + std::to_string(n); !assignments.contains(id)) return id;
}

// The names as they are kept, or what is wrong with one.
Result<void> read_names(Customer& customer) {
    auto name = entered_name(Named::customer, customer.name);
    if (name.has_error()) return name.error();
    customer.name = *name;
    if (customer.administrator_name.empty()) return {};
    auto person = entered_name(Named::person, customer.administrator_name);
    if (person.has_error()) return person.error();
    customer.administrator_name = *person;
    return {};
}

}  // namespace

void Steps::post(const Taken& taken, const Customer& customer) {
    const auto office = store_.office(customer.collaboration->office_company);
    for (const Notice& notice : notices_of(taken, customer, office.value_or(Office{}))) store_.post(notice);
}

Result<StoredCustomer> Steps::change(const Asked& asked, const Rule& rule,
                                     const std::function<void(const Customer&, const Customer&)>& letters) try {
    store_.pass_date(wall_clock());
    std::optional<StoredCustomer> saved;
    store_.transaction([&] {
        auto stored = store_.find(asked.company);
        if (!stored) throw Refused{none_such(asked.company)};
        if (asked.seen_version && *asked.seen_version != stored->version)
            throw Refused{
                fail(Errc::changed_meanwhile,
                     N_("{name} was changed after you opened the page. Nothing was done; look how it is now."),
                     {{"name", stored->customer.name}})};
        const Customer before = stored->customer;
        if (auto done = rule(stored->customer); done.has_error()) throw Refused{done.error()};
        saved = store_.save(stored->customer);
        letters(before, stored->customer);
    });
    return std::move(*saved);
} catch (const Refused& refused) {
    return refused.error;
}

Result<StoredCustomer> Steps::take(const Asked& asked, Step step, const Rule& rule) {
    return change(asked, rule,
                  [&](const Customer&, const Customer& customer) { post({.step = step, .by = asked.by}, customer); });
}

Result<StoredCustomer> Steps::activate(const Asked& asked, Activation activation) {
    const Time at = wall_clock();
    activation.id = "c-" + random_hex(4);
    activation.office_company = asked.office;
    activation.at = to_rfc3339(at);
    activation.expires_on = day_in_stockholm(at + days_to_answer);
    activation.token = random_hex(24);
    if (const auto office = store_.office(asked.office)) activation.office_name = office->name;
    bool existing = false;
    return change(
        asked,
        [&](Customer& customer) {
            for (const auto& other : store_.administered_by(activation.contact_email))
                existing = existing || (other.customer.on_spiris && other.customer.company != customer.company);
            return sandbox::activate(customer, activation);
        },
        [&](const Customer& before, const Customer& customer) {
            store_.keep_invitation(activation.token, customer.company);
            post({.step = Step::activate,
                  .by = Party::office,
                  .before = situation_of(before),
                  .existing_administrator = existing || situation_of(before) != Situation::not_on_spiris},
                 customer);
        });
}

Result<StoredCustomer> Steps::remind(const Asked& asked) {
    const Time at = wall_clock();
    return take(asked, Step::remind, [&](Customer& customer) {
        return sandbox::remind(customer, asked.office, to_rfc3339(at), to_rfc3339(at - std::chrono::minutes{1}));
    });
}

Result<StoredCustomer> Steps::withdraw(const Asked& asked) {
    return take(asked, Step::withdraw, [&](Customer& customer) { return sandbox::withdraw(customer, asked.office); });
}

Result<StoredCustomer> Steps::approve(const Asked& asked) {
    return take(asked, Step::approve,
                [](Customer& customer) { return sandbox::approve(customer, to_rfc3339(wall_clock())); });
}

Result<StoredCustomer> Steps::accept_terms(const Asked& asked) {
    return take(asked, Step::accept_terms,
                [](Customer& customer) { return sandbox::accept_terms(customer, to_rfc3339(wall_clock())); });
}

Result<StoredCustomer> Steps::decline(const Asked& asked) { return take(asked, Step::decline, sandbox::decline); }

Result<StoredCustomer> Steps::expire(const Asked& asked) { return take(asked, Step::expire, sandbox::expire); }

Result<StoredCustomer> Steps::end_now(const Asked& asked) {
    return take(asked, Step::end_now, [&](Customer& customer) {
        return sandbox::end_now(customer, to_rfc3339(wall_clock()), asked.by, asked.office);
    });
}

Result<StoredCustomer> Steps::end_on(const Asked& asked, const std::string& last_day) {
    if (last_day.empty()) return fail(Errc::bad_request, N_("Choose the last day. Write it as 2026-12-31."));
    if (!is_day(last_day))
        return fail(Errc::bad_request, N_("{day} is not a date. Write it as 2026-12-31."), {{"day", last_day}});
    return take(asked, Step::end_on, [&](Customer& customer) {
        return sandbox::end_on(customer, last_day, day_in_stockholm(wall_clock()), asked.by, asked.office);
    });
}

Result<StoredCustomer> Steps::choose(const Asked& asked, const Choices& choices) {
    const auto choose = [&](Customer& customer) -> Result<void> {
        if (choices.send_all_invoices) customer.send_all_invoices = choices.send_all_invoices;
        if (choices.receive_invoices) customer.receive_invoices = choices.receive_invoices;
        return {};
    };
    return change(asked, choose, [](const Customer&, const Customer&) {});
}

Result<StoredCustomer> Steps::add_assignment(const Asked& asked, const std::string& entered) {
    const auto read = entered_name(Named::assignment, entered);
    if (read.has_error()) return read.error();
    const std::string& name = *read;
    const auto add = [&](Customer& customer) -> Result<void> {
        const auto office = customer.offices.find(asked.office);
        if (office == customer.offices.end()) return none_such(customer.company);
        for (const auto& [id, known] : office->second)
            if (known == name)
                return fail(Errc::duplicate, N_("{name} already has the assignment {assignment}."),
                            {{"name", customer.name}, {"assignment", name}});
        office->second.emplace(next_id(office->second), name);
        return {};
    };
    return change(asked, add, [](const Customer&, const Customer&) {});
}

Result<StoredCustomer> Steps::add_customer(const std::string& office, Customer customer) try {
    if (auto right = read_names(customer); right.has_error()) return right.error();
    std::optional<StoredCustomer> saved;
    store_.transaction([&] {
        if (const auto known = store_.find(customer.company)) {
            if (known->customer.offices.contains(office))
                throw Refused{fail(Errc::duplicate, N_("{number} is a customer already: {name}."),
                                   {{"number", customer.company.masked()}, {"name", known->customer.name}})};
            customer = known->customer;
        }
        customer.offices.try_emplace(office);
        saved = store_.save(customer);
    });
    return std::move(*saved);
} catch (const Refused& refused) {
    return refused.error;
}

Result<void> Steps::name_office(Office office, bool another) {
    auto name = entered_name(Named::office, office.name);
    if (name.has_error()) return name.error();
    office.name = *name;
    store_.transaction([&] { another ? store_.add_office(office) : store_.set_office(office); });
    return {};
}

}  // namespace samsynk::sandbox
