// What the tests of this room have in common: a company with a valid number, and a time.
#pragma once

#include "core/org_number.hpp"
#include "core/time.hpp"

namespace samsynk::sync {

inline const OrgNumber lindqvist = OrgNumber::parse("556016-0680").value();
inline const Time now{std::chrono::hours{500'000}};

}  // namespace samsynk::sync
