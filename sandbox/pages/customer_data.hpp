// A customer and its collaboration as pages show them, in words.
#pragma once

#include "sandbox/pages/visit.hpp"

namespace samsynk::sandbox {

/// The customer of the visitor's own office that the address names, or nothing.
std::optional<StoredCustomer> office_customer(Visit& visit);
/// The company that the visitor is the administrator of and the address names, or nothing.
std::optional<StoredCustomer> own_company(Visit& visit);

/// Number, name, version, situation, administrator, registration.
PageData customer_data(const Visit& visit, const StoredCustomer& stored);
/// State, what it waits for, office, assignment, recipient, payee, days. `one` may be null.
PageData collaboration_data(const Visit& visit, const Collaboration* one);
/// The letters about its collaboration with the visitor's office, the newest first.
PageData letters_data(Visit& visit, const OrgNumber& company);

/// The version of the customer that the form was made for; -1: it names none.
std::int64_t seen_version(const Visit& visit);
/// Carries out the step that the form names (`step`, with `last_day`). A second click on what is done already is fine.
Result<StoredCustomer> take_step(Visit& visit, const StoredCustomer& before, Party by);

/// 2026-11-25 of a time in RFC 3339.
std::string day_of(const std::string& time);

}  // namespace samsynk::sandbox
