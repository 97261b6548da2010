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

/// What one configuration after the other shares, for the whole life of the daemon: how it is signed in, and what the
/// service asked of it.
struct Shared {
    std::shared_ptr<service::Keeper> keeper;
    std::shared_ptr<service::Courtesy> courtesy;
    EventSink& events;
};
Shared make_shared_parts(const settings::Settings& settings, boost::asio::thread_pool& pool, EventSink& events);

service::Endpoint endpoint_of(const settings::Service& service);

/// Without `may_write` (a dry run) no state folder is made. Error bad_settings.
Result<std::shared_ptr<agent::Sides>> make_sides(const settings::Settings& settings,
                                                 boost::asio::any_io_executor executor, const Shared& shared,
                                                 bool may_write = true);

/// Error bad_settings: its file can't be written.
Result<std::unique_ptr<telemetry::LogSink>> make_log(const telemetry::LogOptions& options);

/// A configuration that was read and found good, with all that it needs; else the mistakes, as one sentence.
struct PreparedConfiguration {
    std::string mistakes;
    std::optional<settings::Settings> settings;
    std::shared_ptr<agent::Sides> sides;
    std::unique_ptr<telemetry::LogSink> log;
};
/// On any thread: it may wait for a share. What it makes belongs to `executor`. Never throws.
PreparedConfiguration prepare_configuration(const std::filesystem::path& file, boost::asio::any_io_executor executor,
                                            const Shared& shared);

}  // namespace samsynk::app
