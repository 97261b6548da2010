// A customer of the accounting office, and what may happen to its collaboration. The rules of the flow, and nothing
// else: no HTTP, no SQL, no clock.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "core/error.hpp"
#include "core/org_number.hpp"

namespace samsynk::sandbox {

/// Where a company stands before an activation.
enum class Situation { not_on_spiris, without_function, with_function };

enum class State { invited, active, declined, expired, ending, ended };
std::string_view name_of(State state);
std::optional<State> state_named(std::string_view name);

struct Collaboration {
    std::string id;
    State state = State::invited;
    std::string awaiting;  ///< `approval`, `terms`, or empty
    std::string office_company, office_name;
    std::string assignment_id, assignment_name;
    std::string invoice_recipient;  ///< `office` or `customer`
    std::string payee;              ///< the same, or empty: not stated
    std::string invited_at, approved_at, ends_on, ended_at;
};

struct Customer {
    OrgNumber company;
    std::string name;
    bool in_account = true;
    bool on_spiris = false;
    bool function_active = false;
    std::string administrator_name, administrator_email;
    std::map<std::string, std::string> assignments;  ///< id and name
    std::optional<Collaboration> collaboration;
    std::optional<bool> send_all_invoices, receive_invoices;
    std::string registration = "none";
    std::string registration_operator;
};

Situation situation_of(const Customer& customer);
/// Invited, active or ending: then no other collaboration can be activated.
bool has_live_collaboration(const Customer& customer);
bool in_effect(const Customer& customer);

struct Activation {
    std::string id;
    std::string office_company, office_name;
    std::string assignment;
    std::string invoice_recipient;
    std::string payee;
    std::string contact_name, contact_email;  ///< mandatory for a customer that is not on Spiris
    std::string at;
};

/// What the office and the customer can do. Errors (rejected) say which rule stands in the way; then nothing changed.
Result<void> activate(Customer& customer, const Activation& activation);
Result<void> approve(Customer& customer, const std::string& at);
Result<void> accept_terms(Customer& customer, const std::string& at);
Result<void> decline(Customer& customer);
Result<void> expire(Customer& customer);
Result<void> end_now(Customer& customer, const std::string& at);
/// `last_day` is the last day in effect (2026-12-31); not before `today`.
Result<void> end_on(Customer& customer, const std::string& last_day, const std::string& today);
/// Ends what should have ended before `today`. True: it did.
bool pass_date(Customer& customer, const std::string& today, const std::string& at);
Result<void> set_registration(Customer& customer, const std::string& state, const std::string& by);

}  // namespace samsynk::sandbox
