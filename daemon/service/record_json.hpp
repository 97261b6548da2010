// A company's record from JSON.
#pragma once

#include <boost/json.hpp>

#include "sync/model.hpp"

namespace samsynk::service {

/// Whose record or claim it is; nothing where it names no company.
std::optional<OrgNumber> company_of(const boost::json::value& value);

/// Throws WrongShape where it names no company. Whatever else can't be read, or is an unknown value, is set as the
/// record's `problem`.
sync::Record read_record(const boost::json::value& value);

}  // namespace samsynk::service
