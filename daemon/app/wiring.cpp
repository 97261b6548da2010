#include "app/wiring.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>

#include "app/doctor.hpp"
#include "core/company_name.hpp"
#include "core/ids.hpp"
#include "installations/connectors.hpp"
#include "installations/exec/exec_installation.hpp"
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
    // Whole, or not there: half an id would be another machine's name at the next start.
    const auto made = std::filesystem::path{own}.concat(".new");
    std::ofstream file{made};
    file << id << "\n";
    file.close();
    std::error_code failed;
    if (file) std::filesystem::rename(made, own, failed);
    if (!file || failed)
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

// A whole path is a place in the folder installation that it stands in.
Result<sync::Settled> settled_at(const settings::CompanyChoice& choice, const settings::Settings& settings) {
    if (choice.ignored || !choice.place.starts_with('/'))
        return sync::Settled{.ignored = choice.ignored,
                             .installation = choice.installation,
                             .place = composed(choice.place),
                             .followers = {},
                             .leader = {}};
    const std::filesystem::path path = std::filesystem::path{composed(choice.place)}.lexically_normal();
    for (const settings::Installation& one : settings.installations) {
        const std::filesystem::path root = std::filesystem::path{composed(one.path.string())}.lexically_normal();
        const auto within = path.lexically_relative(root / "");
        const bool child = !within.empty() && std::distance(within.begin(), within.end()) == 1 && within != "..";
        if (one.connector == "folder" && child)
            return sync::Settled{.installation = one.id, .place = within.string(), .followers = {}, .leader = {}};
    }
    return fail(Errc::bad_settings, N_("companies: {path} is no company folder of any installation here."),
                {{"path", choice.place}});
}

// Those that follow the place at `settled`; one place may be named in two ways.
Result<void> add_followers(sync::Settled& settled, const settings::CompanyChoice& choice,
                           const settings::Settings& settings) {
    if (choice.followers.empty()) return {};
    settled.leader = std::make_shared<const sync::PlaceKey>(settled.installation, settled.place);
    for (const settings::CompanyChoice& one : choice.followers) {
        const auto at = settled_at(one, settings);
        if (at.has_error()) return at.error();
        settled.followers.push_back({at->installation, at->place});
        if (settled.followers.back() == *settled.leader)
            return fail(Errc::bad_settings, N_("companies: {place} can't both lead and follow."),
                        {{"place", at->installation + ":" + at->place}});
    }
    return {};
}

Result<sync::SettledCompanies> settled_of(const settings::Settings& settings) {
    sync::SettledCompanies all;
    for (const settings::CompanyChoice& choice : settings.companies) {
        auto settled = settled_at(choice, settings);
        if (settled.has_error()) return settled.error();
        if (auto added = add_followers(*settled, choice, settings); added.has_error()) return added.error();
        all.emplace(choice.company, std::move(*settled));
    }
    return all;
}

installations::Listening listening(bool push, settings::Watch watch) {
    if (!push) return installations::Listening::none;
    switch (watch) {
        case settings::Watch::automatic:
            return installations::Listening::automatic;
        case settings::Watch::events:
            return installations::Listening::events;
        case settings::Watch::looking:
            return installations::Listening::looking;
        case settings::Watch::none:
            return installations::Listening::none;
    }
    return installations::Listening::automatic;
}

installations::DatabaseAddress address_of(const settings::Installation& installation) {
    const settings::Database& database = installation.database;
    installations::DatabaseAddress address{
        .type = installations::database_type(database.type).value_or(installations::DatabaseType::sqlite),
        .path = database.path,
        .host = database.host,
        .port = database.port,
        .name = database.name,
        .user = database.user,
        .password_file = database.password_file,
        .ca_file = database.ca_file,
        .tls = database.tls == "on"    ? installations::DatabaseTls::required
               : database.tls == "off" ? installations::DatabaseTls::off
                                       : installations::DatabaseTls::automatic};
    if (installation.timeout) address.patience = *installation.timeout;
    return address;
}

Result<std::unique_ptr<agent::LocalSide>> make_sql(const settings::Installation& installation, bool push,
                                                   boost::asio::any_io_executor executor) {
    std::filesystem::path file = installation.mapping;
    if (!file.is_absolute()) {
        auto found = installations::find_mapping(installation.mapping);
        if (found.has_error()) return found.error();
        file = std::move(*found);
    }
    auto mapping = installations::load_mapping(file);
    if (mapping.has_error()) return mapping.error();
    const bool looks = push && installation.watch != settings::Watch::none;
    return installations::make_sql_installation(installation.id, address_of(installation), std::move(*mapping), looks,
                                                executor);
}

std::unique_ptr<agent::LocalSide> make_exec(const settings::Installation& installation, bool push,
                                            boost::asio::any_io_executor executor) {
    installations::ExecOptions options{.command = installation.command,
                                       .environment = installation.environment,
                                       .listens = push && installation.watch != settings::Watch::none};
    if (installation.timeout) options.reply_timeout = *installation.timeout;
    return installations::make_exec_installation(installation.id, std::move(options), executor);
}

// Reads mappings, reaches nothing. `push`: it is listened for changes too. Error bad_settings.
Result<std::unique_ptr<agent::LocalSide>> make_local_side(const settings::Installation& installation, bool push,
                                                          boost::asio::any_io_executor executor) {
    if (installation.connector == "sql") return make_sql(installation, push, executor);
    if (installation.connector == "exec") return make_exec(installation, push, executor);
    return installations::make_folder_installation(
        installation.id, installation.path, listening(push, installation.watch), installation.passed_over, executor);
}

}  // namespace

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
                             .ca_only = service.ca_only,
                             .client_cert_file = service.client_cert_file,
                             .client_key_file = service.client_key_file,
                             .pins = service.pins,
                             .proxy = service.proxy,
                             .proxy_password_file = service.proxy_password_file,
                             .deadlines = deadlines_of(service)};
}

Shared make_shared_parts(const settings::Settings& settings, boost::asio::thread_pool& pool, EventSink& events) {
    return {service::make_keeper(settings.state_directory / settings::sign_in_folder, pool.get_executor()),
            service::make_courtesy(), events};
}

Result<std::shared_ptr<agent::Sides>> make_sides(const settings::Settings& settings,
                                                 boost::asio::any_io_executor executor, const Shared& shared,
                                                 bool may_write) {
    auto sides = std::make_shared<agent::Sides>();
    auto online = service::make_online_side(executor, endpoint_of(settings.service), shared.keeper, shared.courtesy,
                                            shared.events);
    if (online.has_error()) return online.error();
    sides->online = std::move(*online);
    const auto machine = machine_id(settings.state_directory, may_write);
    if (machine.has_error()) return machine.error();
    sides->machine = *machine;
    for (const settings::Installation& installation : settings.installations) {
        const auto uuid = installation_uuid(*machine, installation.id);
        if (uuid.has_error()) return uuid.error();
        sides->uuids.emplace(installation.id, *uuid);
        auto local = make_local_side(installation, settings.sync.push, executor);
        if (local.has_error()) return local.error();
        sides->locals.push_back(std::move(*local));
    }
    sides->host = host_name();
    sides->program_version = SAMSYNK_VERSION;
    auto settled = settled_of(settings);
    if (settled.has_error()) return settled.error();
    sides->policy = settings.sync;
    sides->policy.settled = std::move(*settled);
    return sides;
}

// Where the machine has no threads or memory left, that is a mistake, too.
PreparedConfiguration prepare_configuration(const std::filesystem::path& file, boost::asio::any_io_executor executor,
                                            const Shared& shared) try {
    PreparedConfiguration made;
    auto loaded = settings::load(file);
    const auto also = [&made](const std::string& mistake) {
        made.mistakes += (made.mistakes.empty() ? "" : "; ") + mistake;
    };
    for (const auto& mistake : loaded.mistakes) also(settings::to_text(mistake));
    if (!loaded.settings) return made;
    for (const Finding& finding : examine_before_use(*loaded.settings, file))
        if (finding.severity == Severity::error) also(to_text(finding.what));
    if (!made.mistakes.empty()) return made;
    auto sides = make_sides(*loaded.settings, executor, shared);
    if (sides.has_error()) return {.mistakes = to_text(sides.error().message)};
    auto log = make_log(loaded.settings->log);
    if (log.has_error()) return {.mistakes = to_text(log.error().message)};
    return {.mistakes = {}, .settings = std::move(loaded.settings), .sides = std::move(*sides), .log = std::move(*log)};
} catch (const std::exception& problem) {
    return {.mistakes = problem.what()};
}

Result<std::unique_ptr<telemetry::LogSink>> make_log(const telemetry::LogOptions& options) {
    auto sink = telemetry::make_log_sink(options);
    if (sink.has_error()) return sink.error();
    return std::unique_ptr<telemetry::LogSink>{std::make_unique<telemetry::BackgroundSink>(std::move(*sink))};
}

}  // namespace samsynk::app
