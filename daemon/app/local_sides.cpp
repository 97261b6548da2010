#include "app/local_sides.hpp"

#include "installations/connectors.hpp"
#include "installations/exec/exec_installation.hpp"

namespace samsynk::app {
namespace {

using installations::DatabaseTls;

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
        .tls = database.tls == "on"    ? DatabaseTls::required
               : database.tls == "off" ? DatabaseTls::off
                                       : DatabaseTls::automatic};
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

}  // namespace

Result<std::unique_ptr<agent::LocalSide>> make_local_side(const settings::Installation& installation, bool push,
                                                          boost::asio::any_io_executor executor) {
    if (installation.connector == "sql") return make_sql(installation, push, executor);
    if (installation.connector == "exec") return make_exec(installation, push, executor);
    return installations::make_folder_installation(
        installation.id, installation.path, listening(push, installation.watch), installation.passed_over, executor);
}

}  // namespace samsynk::app
