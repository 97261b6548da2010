// The agent's values as JSON; docs/control-socket.md describes each shape.
#pragma once

#include <boost/json.hpp>

#include "agent/commands.hpp"
#include "core/event.hpp"

namespace samsynk::control {

boost::json::value to_json(const Reason& reason);
boost::json::object to_json(const agent::CompanyStatus& company);
boost::json::object to_json(const agent::CompanyDetail& detail);
boost::json::object to_json(const agent::RunResult& run);
boost::json::object to_json(const agent::Status& status, const std::string& service_url);
boost::json::object to_json(const Event& event);

}  // namespace samsynk::control
