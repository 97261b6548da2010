// The sign-in as JSON: its part of the status, and the lines of a login under way. Never a token.
#pragma once

#include <boost/json.hpp>

#include "agent/ports.hpp"

namespace samsynk::control {

/// `signin` of STATUS.
boost::json::object to_json(const agent::SignInStatus& sign_in, Time now);

/// The lines of `POST /v1/login`, each ended.
std::string code_line(const agent::Login& login);
std::string waiting_line(const agent::Login& login);
std::string outcome_line(const agent::Login& login);  ///< once it has ended

boost::json::object to_json(agent::Logout outcome);

}  // namespace samsynk::control
