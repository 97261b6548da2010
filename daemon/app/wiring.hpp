// Makes what a configuration speaks of: the online side and the installations.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/thread_pool.hpp>
#include <memory>

#include "agent/sides.hpp"
#include "service/online_side.hpp"
#include "settings/settings.hpp"
#include "telemetry/log_sink.hpp"

namespace samsynk::app {

/// `pool` must outlive the sides; `courtesy` is one for all that the program makes. Without `may_write` (a dry run) no
/// state folder is made. Error bad_settings.
Result<std::shared_ptr<agent::Sides>> make_sides(const settings::Settings& settings,
                                                 boost::asio::any_io_executor executor, boost::asio::thread_pool& pool,
                                                 std::shared_ptr<service::Courtesy> courtesy, bool may_write = true);

std::unique_ptr<telemetry::LogSink> make_log(const settings::Log& log);

}  // namespace samsynk::app
