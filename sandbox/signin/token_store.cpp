#include "sandbox/signin/token_store.hpp"

#include <SQLiteCpp/Transaction.h>

namespace samsynk::sandbox {
namespace {

constexpr const char* shape = R"sql(
CREATE TABLE IF NOT EXISTS access (token TEXT PRIMARY KEY, family TEXT NOT NULL, expires INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS refresh (
  token TEXT PRIMARY KEY, family TEXT NOT NULL, next TEXT NOT NULL DEFAULT '', used_at INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS devices (
  device_code TEXT PRIMARY KEY, user_code TEXT NOT NULL UNIQUE, lasting INTEGER NOT NULL, state INTEGER NOT NULL,
  expires INTEGER NOT NULL, asked_at INTEGER NOT NULL, pause INTEGER NOT NULL) WITHOUT ROWID;
)sql";

template <class... Values>
SQLite::Statement statement(SQLite::Database& database, const char* sql, const Values&... values) {
    SQLite::Statement row{database, sql};
    int at = 0;
    (row.bind(++at, values), ...);
    return row;
}

Device device_of(SQLite::Statement& row) {
    return {.device_code = row.getColumn(0).getString(),
            .user_code = row.getColumn(1).getString(),
            .lasting = row.getColumn(2).getInt() != 0,
            .state = static_cast<DeviceState>(row.getColumn(3).getInt()),
            .expires = row.getColumn(4).getInt64(),
            .asked_at = row.getColumn(5).getInt64(),
            .pause = row.getColumn(6).getInt64()};
}

}  // namespace

Moment moment_now() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
}

TokenStore::TokenStore(const std::filesystem::path& file)
    : database_{file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, 10000} {
    database_.exec("PRAGMA journal_mode = WAL");
    database_.exec("PRAGMA synchronous = NORMAL");
    database_.exec(shape);
}

void TokenStore::transaction(const std::function<void()>& work) {
    SQLite::Transaction transaction{database_, SQLite::TransactionBehavior::IMMEDIATE};
    work();
    transaction.commit();
}

void TokenStore::add_access(const std::string& token, const std::string& family, Moment expires) {
    statement(database_, "DELETE FROM access WHERE expires < ?", moment_now()).exec();
    statement(database_, "INSERT INTO access VALUES (?, ?, ?)", token, family, expires).exec();
}

bool TokenStore::has_access(const std::string& token, Moment now) {
    return statement(database_, "SELECT 1 FROM access WHERE token = ? AND expires > ?", token, now).executeStep();
}

std::optional<RefreshToken> TokenStore::refresh_token(const std::string& token) {
    auto row = statement(database_, "SELECT family, next, used_at FROM refresh WHERE token = ?", token);
    if (!row.executeStep()) return std::nullopt;
    return RefreshToken{token, row.getColumn(0).getString(), row.getColumn(1).getString(), row.getColumn(2).getInt64()};
}

void TokenStore::add_refresh(const std::string& token, const std::string& family) {
    statement(database_, "INSERT INTO refresh (token, family) VALUES (?, ?)", token, family).exec();
}

void TokenStore::use_refresh(const std::string& token, const std::string& next, Moment now) {
    statement(database_, "UPDATE refresh SET next = ?, used_at = ? WHERE token = ?", next, now, token).exec();
}

void TokenStore::remove_refresh(const std::string& token) {
    statement(database_, "DELETE FROM refresh WHERE token = ?", token).exec();
}

void TokenStore::end_family(const std::string& family) {
    statement(database_, "DELETE FROM refresh WHERE family = ?", family).exec();
    statement(database_, "DELETE FROM access WHERE family = ?", family).exec();
}

int TokenStore::end_all_families() {
    auto row = statement(database_, "SELECT DISTINCT family FROM refresh");
    std::vector<std::string> families;
    while (row.executeStep()) families.push_back(row.getColumn(0).getString());
    row.reset();
    for (const auto& family : families) end_family(family);
    return static_cast<int>(families.size());
}

void TokenStore::save(const Device& device) {
    statement(database_, "INSERT OR REPLACE INTO devices VALUES (?, ?, ?, ?, ?, ?, ?)", device.device_code,
              device.user_code, device.lasting ? 1 : 0, static_cast<int>(device.state), device.expires, device.asked_at,
              device.pause)
        .exec();
}

std::optional<Device> TokenStore::device(const std::string& device_code) {
    auto row = statement(database_, "SELECT * FROM devices WHERE device_code = ?", device_code);
    if (!row.executeStep()) return std::nullopt;
    return device_of(row);
}

std::vector<Device> TokenStore::devices(Moment now) {
    auto row = statement(database_, "SELECT * FROM devices WHERE state = ? AND expires > ?",
                         static_cast<int>(DeviceState::waiting), now);
    std::vector<Device> devices;
    while (row.executeStep()) devices.push_back(device_of(row));
    return devices;
}

bool TokenStore::decide(const std::string& user_code, DeviceState state, Moment now) {
    return statement(database_, "UPDATE devices SET state = ? WHERE user_code = ? AND state = ? AND expires > ?",
                     static_cast<int>(state), user_code, static_cast<int>(DeviceState::waiting), now)
               .exec() > 0;
}

void TokenStore::remove_device(const std::string& device_code) {
    statement(database_, "DELETE FROM devices WHERE device_code = ?", device_code).exec();
}

}  // namespace samsynk::sandbox
