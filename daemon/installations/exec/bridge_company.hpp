// A company as a bridge tells it.
#pragma once

#include <boost/json.hpp>

#include "sync/model.hpp"

namespace samsynk::installations {

/// What is wrong with it is its own trouble: missing_number, bad_file, unreadable. Without a place where it tells none.
sync::LocalCompany read_bridge_company(const boost::json::value& value, bool with_preferences);

}  // namespace samsynk::installations
