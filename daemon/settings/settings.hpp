// The configuration as typed values: what the YAML file says, checked and with defaults filled in.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/policy.hpp"
#include "control/options.hpp"
#include "core/error.hpp"
#include "telemetry/log_options.hpp"

namespace samsynk::settings {

struct Auth {
    std::string issuer;  ///< https URL
    std::string client_id;
    std::optional<std::filesystem::path> client_secret_file;
    std::optional<std::filesystem::path> client_key_file;  ///< signs instead of a secret; neither: a person signs in
    std::string client_key_id;
    std::optional<std::filesystem::path> refresh_token_file;  ///< a person's first sign-in, made elsewhere
    std::string scope;
};

struct Service {
    std::string url;  ///< https URL, without a slash at its end
    std::optional<std::filesystem::path> ca_file;
    bool ca_only = false;  ///< the system's authorities are not trusted besides
    std::optional<std::filesystem::path> client_cert_file;
    std::optional<std::filesystem::path> client_key_file;
    std::vector<std::string> pins;     ///< `sha256/` and Base64: one of these keys must be in the service's chain
    std::optional<std::string> proxy;  ///< `http://[user[:password]@]host[:port]`; may hold a password: never shown
    std::optional<std::filesystem::path> proxy_password_file;
    std::chrono::seconds connect_timeout{10};
    std::chrono::seconds reply_timeout{60};
    Auth auth;
};

/// How local changes are learned of at once, with `push`.
enum class Watch { automatic, events, looking, none };

/// Where an accounting program's database is (connector sql).
struct Database {
    std::string type;            ///< sqlite | postgresql | mariadb | odbc
    std::filesystem::path path;  ///< SQLite: the file
    std::string host;            ///< a name, an address, or a socket's path; empty: this machine
    int port = 0;                ///< 0: the usual one
    std::string name;
    std::string user;
    std::optional<std::filesystem::path> password_file;
    std::optional<std::filesystem::path> ca_file;
    std::string tls = "auto";  ///< auto | on | off
};

struct Installation {
    std::string id;
    std::string connector;                 ///< `folder` | `sql` | `exec`
    std::filesystem::path path;            ///< folder: the folder of company folders
    std::vector<std::string> passed_over;  ///< folder: patterns of folders in it that are no companies
    Watch watch = Watch::automatic;
    std::string mapping;  ///< sql: the name of one that is known, or a whole path
    Database database;
    std::vector<std::string> command;                ///< exec: the program, by its whole path, and its arguments
    std::map<std::string, std::string> environment;  ///< exec: what it gets besides PATH, HOME, LANG and TZ
    std::optional<std::chrono::seconds> timeout;     ///< sql and exec: for one answer
};

/// What the configuration says of one company, where more than one place shows its number or none should be synced.
struct CompanyChoice {
    OrgNumber company;
    bool ignored = false;
    std::string
        installation;   ///< with `ignored` false: the one whose place counts; empty where `place` is a whole path
    std::string place;  ///< within it, or a whole path; empty: the only one there
    /// The places that follow that one (`leads:` and `follow:`), each as above, and with a place.
    std::vector<CompanyChoice> followers;
};

struct Control {
    std::filesystem::path socket = "/run/samsynk/control.sock";
    std::vector<std::string> observers;
};

/// In the state's folder: how the daemon is signed in.
inline constexpr const char* sign_in_folder = "signin";

struct Settings {
    Service service;
    agent::Policy sync{.push = true};  ///< but for `settled`, which comes of `companies`
    std::vector<Installation> installations;
    std::vector<CompanyChoice> companies;
    Control control;
    std::filesystem::path state_directory = "/var/lib/samsynk";
    telemetry::LogOptions log;
    control::MetricsOptions metrics;
};

/// A mistake in the configuration file.
struct Mistake {
    std::filesystem::path file;
    int line = 0;     ///< from 1; 0 where no line can be named
    int column = 0;   ///< from 1
    Message message;  ///< what is wrong and what would be right
};

/// Settings, or every mistake that was found (at least one), in order of line.
struct Loaded {
    std::optional<Settings> settings{};
    bool nothing = false;  ///< the file holds nothing but comments: not configured yet; also told as a mistake
    std::vector<Mistake> mistakes;
};

/// Where the control socket is and the state is kept, unless the configuration says otherwise: in the folders that
/// systemd made for this service, or the usual ones.
std::filesystem::path usual_socket();
std::filesystem::path usual_state_directory();

/// Reads and checks a configuration file. Looks at nothing but that file (no network, no secrets), and at
/// who may change it and what it names.
Loaded load(const std::filesystem::path& file);

/// The same of a text that was read from `file`.
Loaded parse(std::string_view text, const std::filesystem::path& file);

/// `FILE:LINE: sentence`, one line.
std::string to_text(const Mistake& mistake, const Translate& translate = {});

}  // namespace samsynk::settings
