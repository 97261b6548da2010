// Who is written to, and about what, when a step has been taken.
#pragma once

#include <string>
#include <vector>

#include "sandbox/flow/customer.hpp"

namespace samsynk::sandbox {

struct Office {
    std::string company;  ///< ten digits
    std::string name;
    std::string email;
    Language language = Language::sv;
};

struct Taken {
    Step step;
    Party by;
    Situation before = Situation::with_function;  ///< of an activation
    bool existing_administrator = false;          ///< the customer's contact is known on Spiris from another company
};

/// Letters for a customer as it is after the step. None to who has no address.
std::vector<Notice> notices_of(const Taken& taken, const Customer& customer, const Office& office);

}  // namespace samsynk::sandbox
