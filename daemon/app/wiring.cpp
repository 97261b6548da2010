#include "app/wiring.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>

#include "app/local_sides.hpp"
#include "core/ids.hpp"
#include "service/online_side.hpp"

namespace samsynk::app {
namespace {

// A machine without an id (a bare container) gets one in the state directory, so that its name online stays the same.
// Where there is no such directory yet and none may be made (a dry run), any name will do: nothing is registered.
Result<std::string> machine_id(const std::filesystem::path& state_directory, bool may_write) {
    std::string id;
    if (std::ifstream file{"/etc/machine-id"}; file >> id && id.size() == 32) return id;
    const auto own = state_directory / "machine-id";
    if (std::ifstream file{own}; file >> id && id.size() == 32) return id;
    id = random_hex(16);
    if (!may_write && !std::filesystem::exists(state_directory)) return id;
    std::error_code ignored;
    std::filesystem::create_directories(state_directory, ignored);
    std::ofstream file{own};
    file << id << "\n";
    file.close();
    if (!file)
        return fail(Errc::state_failed, N_("{file} can't be written. Check the state directory's permissions."),
                    {{"file", own.string()}});
    return id;
}

std::string host_name() {
    std::array<char, 256> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "localhost";
}

service::Deadlines deadlines_of(const settings::Service& service) {
    const std::chrono::milliseconds reply = service.reply_timeout;
    return {.connect = service.connect_timeout,
            .reply = reply,
            .idle = std::max(reply / 2, std::chrono::milliseconds{1000})};
}

service::Endpoint endpoint_of(const settings::Service& service) {
    return service::Endpoint{.url = service.url,
                             .issuer = service.auth.issuer,
                             .client_id = service.auth.client_id,
                             .client_secret_file = service.auth.client_secret_file,
                             .auth_key_file = service.auth.client_key_file,
                             .auth_key_id = service.auth.client_key_id,
                             .refresh_token_file = service.auth.refresh_token_file,
                             .scope = service.auth.scope,
                             .ca_file = service.ca_file,
                             .client_cert_file = service.client_cert_file,
                             .client_key_file = service.client_key_file,
                             .pins = service.pins,
                             .proxy = service.proxy,
                             .proxy_password_file = service.proxy_password_file,
                             .deadlines = deadlines_of(service)};
}

telemetry::LogFormat format_of(settings::LogFormat format) {
    switch (format) {
        case settings::LogFormat::automatic:
            return telemetry::LogFormat::automatic;
        case settings::LogFormat::journald:
            return telemetry::LogFormat::journald;
        case settings::LogFormat::json:
            return telemetry::LogFormat::json;
        case settings::LogFormat::text:
            return telemetry::LogFormat::text;
    }
    return telemetry::LogFormat::automatic;
}

}  // namespace

Shared make_shared_parts(const settings::Settings& settings, boost::asio::thread_pool& pool, EventSink& events) {
    return {service::make_keeper(settings.state_directory / "signin", pool.get_executor()), service::make_courtesy(),
            events};
}

Result<std::shared_ptr<agent::Sides>> make_sides(const settings::Settings& settings,
                                                 boost::asio::any_io_executor executor, boost::asio::thread_pool& pool,
                                                 const Shared& shared, bool may_write) {
    auto sides = std::make_shared<agent::Sides>();
    auto online = service::make_online_side(executor, endpoint_of(settings.service), shared.keeper, shared.courtesy,
                                            shared.events);
    if (online.has_error()) return online.error();
    sides->online = std::move(*online);
    const auto machine = machine_id(settings.state_directory, may_write);
    if (machine.has_error()) return machine.error();
    for (const settings::Installation& installation : settings.installations) {
        const auto uuid = installation_uuid(*machine, installation.id);
        if (uuid.has_error()) return uuid.error();
        sides->uuids.emplace(installation.id, *uuid);
        auto local = make_local_side(installation, settings.sync.push, executor, pool);
        if (local.has_error()) return local.error();
        sides->locals.push_back(std::move(*local));
    }
    sides->host = host_name();
    sides->program_version = SAMSYNK_VERSION;
    sides->policy = {.interval = settings.sync.interval,
                     .push = settings.sync.push,
                     .first_contact = settings.sync.first_contact,
                     .mass_change_limit = settings.sync.mass_change_limit};
    return sides;
}

std::unique_ptr<telemetry::LogSink> make_log(const settings::Log& log) {
    return telemetry::make_log_sink(format_of(log.format), telemetry::level_named(log.level).value_or(Level::info));
}

}  // namespace samsynk::app
