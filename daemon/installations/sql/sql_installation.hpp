// The sql connector as the agent sees it: SqlBooks on a thread of its own.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <string>

#include "agent/ports.hpp"
#include "installations/sql/database.hpp"
#include "installations/sql/mapping.hpp"

namespace samsynk::installations {

/// Of its own patience: for a call, which may wait more than once in it.
inline constexpr int patience_of_calls = 3;

/// `looks`: between the runs it is looked for changes, every ten seconds or (where that is slow) more seldom.
/// Error bad_settings: the mapping is not written for this type of database.
Result<std::unique_ptr<agent::LocalSide>> make_sql_installation(std::string id, DatabaseAddress address,
                                                                Mapping mapping, bool looks,
                                                                boost::asio::any_io_executor executor);

}  // namespace samsynk::installations
