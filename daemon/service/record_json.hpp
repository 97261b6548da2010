// A company's record from JSON.
#pragma once

#include <boost/json.hpp>

#include "sync/model.hpp"

namespace samsynk::service {

/// Throws WrongShape. An unknown value of a known enumeration is set as the record's `problem`.
sync::Record read_record(const boost::json::value& value);

}  // namespace samsynk::service
