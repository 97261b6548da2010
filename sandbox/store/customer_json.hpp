// Customers as the sandbox keeps them, and as the contract shows them.
#pragma once

#include <boost/json.hpp>

#include "sandbox/flow/customer.hpp"

namespace samsynk::sandbox {

std::string to_text(const Customer& customer);
Customer customer_from(const std::string& text);

/// The contract's record.
boost::json::object record_of(const Customer& customer, std::int64_t version, const std::string& updated_at);

}  // namespace samsynk::sandbox
