// A customer of accounting offices, and what may happen to its collaboration. The rules of the flow, and nothing else:
// no HTTP, no SQL, no clock.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "core/org_number.hpp"
#include "sandbox/flow/notice.hpp"
#include "sandbox/flow/rules.hpp"

namespace samsynk::sandbox {

/// Where a company stands before an activation.
enum class Situation { not_on_spiris, without_function, with_function };

struct Collaboration {
    std::string id;
    State state = State::invited;
    std::string awaiting;  ///< `approval`, `terms`, or empty
    std::string office_company, office_name;
    std::string assignment_id, assignment_name;
    std::string invoice_recipient;  ///< `office` or `customer`
    std::string payee;              ///< the same, or empty: not stated
    std::string invited_at, approved_at, ends_on, ended_at;
    // What only the sandbox knows; the contract does not show it.
    std::string expires_on;   ///< the last day to answer (2026-12-31)
    std::string token;        ///< of the invitation's link
    std::string reminded_at;  ///< the last time
    std::string ended_by;     ///< `office` or `customer`
};

/// By id: `u-1` and its name.
using Assignments = std::map<std::string, std::string>;

struct Customer {
    OrgNumber company;
    std::string name;
    bool in_account = true;
    bool on_spiris = false;  ///< its administrator has accepted the terms of the service
    bool function_active = false;
    std::string administrator_name, administrator_email;
    Language language = Language::sv;            ///< of what is written to it
    std::map<std::string, Assignments> offices;  ///< by the office's number: whose customer it is, and its assignments
    std::optional<Collaboration> collaboration;  ///< the one that is invited, active or ending, else the latest
    std::vector<Collaboration> earlier;          ///< the oldest first
    std::optional<bool> send_all_invoices, receive_invoices;
    std::string registration = "none";
    std::string registration_operator;
};

Situation situation_of(const Customer& customer);
Place place_of(const Customer& customer);
/// Invited, active or ending: then no other collaboration can be activated, by whichever office.
bool has_live_collaboration(const Customer& customer);
bool in_effect(const Customer& customer);
/// The collaboration as this office may see it: another office's is not its business. Null where it has had none.
const Collaboration* seen_by(const Customer& customer, const std::string& office);

struct Activation {
    std::string id;
    std::string office_company, office_name;
    std::string assignment;
    std::string invoice_recipient;
    std::string payee;
    std::string contact_name, contact_email;  ///< mandatory for a customer that is not on Spiris
    std::optional<Language> language;         ///< of what is written to the customer; else as before
    std::string at;
    std::string expires_on;
    std::string token;
};

/// What the office and the customer can do. Errors (rejected) say which rule stands in the way; then nothing changed.
/// `office`, where it is given, must be the one that the collaboration is with.
Result<void> activate(Customer& customer, const Activation& activation);
/// The invitation is sent once more; not within a minute of the last time.
Result<void> remind(Customer& customer, const std::string& office, const std::string& at,
                    const std::string& a_minute_ago);
Result<void> withdraw(Customer& customer, const std::string& office);
Result<void> approve(Customer& customer, const std::string& at);
Result<void> accept_terms(Customer& customer, const std::string& at);
Result<void> decline(Customer& customer);
Result<void> expire(Customer& customer);
Result<void> end_now(Customer& customer, const std::string& at, Party by = Party::office,
                     const std::string& office = {});
/// `last_day` is the last day in effect (2026-12-31); not before `today`.
Result<void> end_on(Customer& customer, const std::string& last_day, const std::string& today, Party by = Party::office,
                    const std::string& office = {});
/// Ends what should have ended before `today`, and lets an invitation expire that should have been answered before.
/// True: it did.
bool pass_date(Customer& customer, const std::string& today, const std::string& at);
Result<void> set_registration(Customer& customer, const std::string& state, const std::string& by);

/// A contact's e-mail address as it can be written to: one @, a name before it and a domain with a dot after it, no
/// blanks or signs that mean something in a message's header.
bool is_email(const std::string& text);

}  // namespace samsynk::sandbox
