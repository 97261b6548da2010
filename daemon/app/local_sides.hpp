// Makes an installation of what the configuration says of it, by its connector.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>

#include "agent/ports.hpp"
#include "settings/settings.hpp"

namespace samsynk::app {

/// Reads mappings, reaches nothing. `push`: it is listened for changes too. Error bad_settings.
Result<std::unique_ptr<agent::LocalSide>> make_local_side(const settings::Installation& installation, bool push,
                                                          boost::asio::any_io_executor executor);

}  // namespace samsynk::app
