// What is said of an organisation number that can't be right: where it stands, and what to do there.
#pragma once

#include <string>

#include "core/error.hpp"

namespace samsynk::installations {

/// `why` is what OrgNumber::parse gave. The number is repeated only where it is nobody's.
Error wrong_number_in_sie(const Error& why, const std::string& file);
Error wrong_number_in_company_file(const Error& why, const std::string& file);
/// In a database, or from a bridge.
Error wrong_number_of(const Error& why, const std::string& place, const std::string& name);

}  // namespace samsynk::installations
