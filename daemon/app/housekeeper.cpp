#include "app/housekeeper.hpp"

#include "app/doctor.hpp"
#include "store/backup.hpp"
#include "store/open_store.hpp"

namespace samsynk::app {

Result<void> Housekeeper::set_log_level(const std::string& level, const std::string& by) {
    const auto known = telemetry::level_named(level);
    if (!known)
        return fail(Errc::bad_request, N_("“{key}” must be one of: {values}."),
                    {{"key", "level"}, {"values", "debug, info, notice, warning, error"}});
    level_ = level;
    bus_.log_from(*known);
    bus_.publish(Event{.name = "log.level",
                       .level = Level::notice,
                       .message = {N_("The log begins at {level} now, until the next reload. Asked for by {by}."),
                                   {{"level", level}, {"by", by}}},
                       .fields = {{"level", level}}});
    return {};
}

agent::Async<std::filesystem::path> Housekeeper::back_up() {
    const std::filesystem::path file = directory_ / (std::string{store::copy_file} + "-" + std::to_string(++copies_));
    std::filesystem::path to = file;
    const auto copied = co_await store::copy_store(store_, std::move(to));
    if (copied.has_error()) co_return copied.error();
    co_return file;
}

boost::asio::awaitable<std::vector<Finding>> Housekeeper::examine() {
    settings::Settings settings = settings_;
    std::filesystem::path file = file_;
    co_return co_await examine_daemon(executor_, std::move(settings), std::move(file), agent_);
}

}  // namespace samsynk::app
