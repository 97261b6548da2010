// What the daemon does for those who look after it: its log's level, a copy of its state, a reload, and a look at
// whether all is in order.
#pragma once

#include <filesystem>

#include "agent/commands.hpp"
#include "app/doctor.hpp"
#include "async/asked_aside.hpp"
#include "control/housekeeping.hpp"
#include "settings/settings.hpp"
#include "telemetry/event_bus.hpp"

namespace samsynk::app {

/// For files that the configuration names: they may lie on a share that hangs.
constexpr std::chrono::seconds file_patience{20};

/// `settings` are those in use: they change at a reload, which `reload` makes.
class Maintenance : public control::Housekeeping {
public:
    Maintenance(boost::asio::any_io_executor executor, const settings::Settings& settings, std::filesystem::path file,
                agent::Commands& agent, agent::Store& store, telemetry::EventBus& bus,
                std::function<agent::Async<>()> reload)
        : executor_{executor},
          settings_{settings},
          file_{std::move(file)},
          agent_{agent},
          store_{store},
          bus_{bus},
          reload_{std::move(reload)},
          on_disk_{executor, file_patience},
          level_{name_of(settings.log.minimum)},
          directory_{settings.state_directory} {}

    std::string log_level() const override { return level_; }
    Result<void> set_log_level(const std::string& level, const std::string& by) override;
    agent::Async<control::Download> back_up() override;
    agent::Async<> reload() override { return reload_(); }
    boost::asio::awaitable<std::vector<Finding>> examine() override;
    void reloaded() { level_ = name_of(settings_.log.minimum); }

private:
    boost::asio::any_io_executor executor_;
    const settings::Settings& settings_;
    std::filesystem::path file_;
    agent::Commands& agent_;
    agent::Store& store_;
    telemetry::EventBus& bus_;
    std::function<agent::Async<>()> reload_;
    AskedAside<OnDisk> on_disk_;
    std::string level_;
    std::filesystem::path directory_;  ///< of the state: another one counts after a restart only
    std::uint64_t copies_ = 0;         ///< each has a name of its own: two may be under way
};

}  // namespace samsynk::app
