// What a request to the control socket asks for, read strictly: what is not known is refused and named.
#pragma once

#include <boost/json.hpp>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "agent/commands.hpp"
#include "control/exchange.hpp"

namespace samsynk::control {

Error bad_request(std::string sentence, std::vector<std::pair<std::string, std::string>> args = {});

/// The body as an object with these keys at most. An empty body is an empty object.
Result<boost::json::object> read_body(const Request& request, std::initializer_list<const char*> known);
/// An organisation number, as it stands in a path. Errors of all: bad_request.
Result<OrgNumber> read_number(const std::string& text);
/// A number, or an installation and a place in it (`main:Ovnbol2000`); in a path with percent signs where needed.
Result<agent::CompanyRef> read_company(const std::string& text);
Result<agent::CompanyRef> read_company_in_path(const std::string& part);
Result<agent::SyncRequest> read_sync(const Request& request);
/// `take`; nothing where it is left out.
Result<std::optional<sync::Side>> read_side(const Request& request);
/// `company=5560160680&run=r-…&limit=20`, each of which may be left out.
Result<sync::HistoryQuery> read_history_query(const std::string& text);
Result<sync::Preferences> read_preferences(const Request& request);

}  // namespace samsynk::control
