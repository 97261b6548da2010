// What the sandbox's sign-in remembers, in SQLite: access tokens, families of refresh tokens, and device codes.
#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace samsynk::sandbox {

/// Milliseconds since 1970.
using Moment = std::int64_t;
Moment moment_now();

struct RefreshToken {
    std::string token;
    std::string family;  ///< all that came of one sign-in
    std::string next;    ///< the one given for it; empty while it is good
    Moment used_at = 0;
};

enum class DeviceState { waiting, approved, denied };

struct Device {
    std::string device_code, user_code;
    bool lasting = false;  ///< offline_access was asked for
    DeviceState state = DeviceState::waiting;
    Moment expires = 0;
    Moment asked_at = 0;
    std::int64_t pause = 0;  ///< milliseconds between questions
};

/// Several processes may use one file: the server and the command line. Throws SQLite::Exception.
class TokenStore {
public:
    explicit TokenStore(const std::filesystem::path& file);

    /// All that `work` does is one transaction; undone where it throws.
    void transaction(const std::function<void()>& work);

    void add_access(const std::string& token, const std::string& family, Moment expires);
    bool has_access(const std::string& token, Moment now);

    std::optional<RefreshToken> refresh_token(const std::string& token);
    void add_refresh(const std::string& token, const std::string& family);
    void use_refresh(const std::string& token, const std::string& next, Moment now);
    void remove_refresh(const std::string& token);
    void end_family(const std::string& family);  ///< with its access tokens
    int end_all_families();                      ///< how many people's sign-ins

    void save(const Device& device);
    std::optional<Device> device(const std::string& device_code);
    std::vector<Device> devices(Moment now);  ///< those that wait
    /// False where no such code waits.
    bool decide(const std::string& user_code, DeviceState state, Moment now);
    void remove_device(const std::string& device_code);

private:
    SQLite::Database database_;
};

}  // namespace samsynk::sandbox
