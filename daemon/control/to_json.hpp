// The agent's values as JSON; docs/control-socket.md describes each shape.
#pragma once

#include <boost/json.hpp>

#include "agent/commands.hpp"
#include "core/event.hpp"
#include "core/finding.hpp"

namespace samsynk::control {

/// As text that is JSON whatever stands in it: a folder's name need not be UTF-8, and must not spoil the whole answer.
std::string to_text(const boost::json::value& value);

boost::json::value to_json(const Reason& reason);
boost::json::object to_json(const agent::CompanyStatus& company);
/// With the names of `companies`; at most 1,000 rows, `count` says how many there are.
boost::json::array to_json(const std::vector<sync::Hold>& holds, const agent::Inventory& companies);
boost::json::object to_json(const agent::CompanyDetail& detail);
boost::json::object to_json(const agent::Explanation& explanation);
/// With the names of `companies`.
boost::json::array to_json(const std::vector<sync::HistoryEntry>& history, const agent::Inventory& companies);
boost::json::object to_json(const agent::Reverted& reverted, const agent::Inventory& companies);
boost::json::object to_json(const std::vector<agent::InstallationDetail>& all);
boost::json::object to_json(const std::vector<agent::Probe>& probes);
boost::json::object to_json(const std::vector<Finding>& findings);
boost::json::object to_json(const agent::RunResult& run);
boost::json::object to_json(const agent::Status& status, const std::string& service_url);
boost::json::object to_json(const Event& event);

}  // namespace samsynk::control
