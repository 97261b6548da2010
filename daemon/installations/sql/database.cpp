#include "installations/sql/database.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <array>
#include <cctype>

#include "core/plain_text.hpp"
#include "core/secret_file.hpp"
#include "core/text.hpp"

namespace samsynk::installations {
namespace {

namespace fs = std::filesystem;

constexpr std::array type_names{"sqlite", "postgresql", "mariadb", "odbc"};
constexpr const char* system_authorities = "/etc/ssl/certs/ca-certificates.crt";

// libpq, and SOCI's own reader for MariaDB: a quoted value, with \ before a quote and itself.
std::string option(const std::string& key, const std::string& value) {
    if (value.empty()) return {};
    std::string text = key + "='";
    for (const char c : value) {
        if (c == '\'' || c == '\\') text += '\\';
        text += c;
    }
    return text + "' ";
}

bool is_socket(const std::string& host) { return host.starts_with('/'); }

// `127.0.0.1`, `::1`: an address, not a name that begins like one.
bool is_loopback(const std::string& host) {
    in_addr v4{};
    if (::inet_pton(AF_INET, host.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24) == 127;
    in6_addr v6{};
    return ::inet_pton(AF_INET6, host.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

bool stays_here(const std::string& host) {
    return host.empty() || is_socket(host) || host == "localhost" || is_loopback(host);
}

bool wants_tls(const DatabaseAddress& address) {
    return address.tls == DatabaseTls::required || (address.tls == DatabaseTls::automatic && !stays_here(address.host));
}

std::string authorities(const DatabaseAddress& address) {
    return address.ca_file ? address.ca_file->string() : system_authorities;
}

std::string postgresql(const DatabaseAddress& address, const std::string& password) {
    const auto seconds = std::to_string(address.patience.count());
    const auto milliseconds = seconds + "000";
    std::string text = option("host", address.host) + option("dbname", address.name) + option("user", address.user) +
                       option("password", password) + option("connect_timeout", seconds) +
                       option("tcp_user_timeout", milliseconds) + option("application_name", "samsynk") +
                       option("client_encoding", "UTF8") +
                       option("options", "-c statement_timeout=" + milliseconds + " -c lock_timeout=" + milliseconds +
                                             " -c idle_in_transaction_session_timeout=" + milliseconds);
    if (address.port != 0) text += option("port", std::to_string(address.port));
    if (wants_tls(address)) text += option("sslmode", "verify-full") + option("sslrootcert", authorities(address));
    if (address.tls == DatabaseTls::off) text += option("sslmode", "disable");
    return text;
}

std::string mariadb(const DatabaseAddress& address, const std::string& password) {
    const auto seconds = std::to_string(address.patience.count());
    std::string text = is_socket(address.host) ? option("unix_socket", address.host) : option("host", address.host);
    text += option("db", address.name) + option("user", address.user) + option("password", password) +
            option("charset", "utf8mb4") + option("connect_timeout", seconds) + option("read_timeout", seconds) +
            option("write_timeout", seconds) + option("local_infile", "0");
    if (address.port != 0) text += option("port", std::to_string(address.port));
    if (wants_tls(address)) text += option("sslca", authorities(address));
    return text;
}

// In braces only what needs them: PostgreSQL's driver takes them for a part of the user. It reads a password without
// them as an address, with signs for %XX.
std::string odbc(const DatabaseAddress& address, const std::string& password) {
    const auto braced = [](const std::string& value) {
        std::string text = "{";
        for (const char c : value) text += c == '}' ? "}}" : std::string{c};
        return text + "}";
    };
    const bool plain = address.user.find_first_of("[]{}(),;?*=!@ ") == std::string::npos;
    std::string text = "DSN=" + address.name + ";";
    if (!address.user.empty()) text += "UID=" + (plain ? address.user : braced(address.user)) + ";";
    if (!password.empty()) text += "PWD=" + braced(password) + ";";
    return text;
}

Error offline(const DatabaseAddress& address, const std::string& why, std::string detail = {}) {
    return fail(Errc::installation_offline,
                N_("The database {where} can't be used ({why}). Nothing is changed until it can."),
                {{"where", in_words(address)}, {"why", why}}, std::move(detail));
}

Result<std::string> password_of(const DatabaseAddress& address) {
    if (!address.password_file) return std::string{};
    auto password = read_secret_file(*address.password_file);
    if (password.has_error())
        return fail(Errc::installation_offline, password.error().message.id, password.error().message.args);
    password->erase(std::min(password->find('\n'), password->size()));
    while (!password->empty() && password->back() == '\r') password->pop_back();
    return password;
}

// Of ODBC: SOCI says before the driver's words what it did, also with the statement, and the driver manager sets its
// mark.
std::string without_what_was_done(std::string text) {
    constexpr std::string_view preparing = "Error preparing query \"", mark = "[unixODBC]";
    const auto quoted = text.starts_with(preparing) ? text.rfind("\": ") : std::string::npos;
    if (quoted != std::string::npos) text.erase(0, quoted + 3);
    for (const std::string_view done :
         {"Error connecting to database: ", "Error executing statement: ", "Error fetching data: "})
        if (text.starts_with(done)) text.erase(0, done.size());
    if (const auto at = text.find(mark); at != std::string::npos) text.erase(0, at + mark.size());
    return text;
}

// The server's own words, on one line and without SOCI's, which repeat the statement and its values.
std::string words_of(const std::exception& problem) {
    const auto* known = dynamic_cast<const soci::soci_error*>(&problem);
    std::string text = without_what_was_done(known ? known->get_error_message() : problem.what());
    return shortened(plain(on_one_line(std::move(text))), 300);
}

bool speaks_of(const std::string& words, std::initializer_list<const char*> signs) {
    for (const char* sign : signs)
        if (words.find(sign) != std::string::npos) return true;
    return false;
}

// So that what is waited for in a session has an end, whatever the server's own settings are.
void limit(soci::session& session, const DatabaseAddress& address) {
    const auto seconds = std::to_string(address.patience.count());
    if (address.type == DatabaseType::mariadb) {
        session << "SET SESSION innodb_lock_wait_timeout = " + seconds;
        session << "SET SESSION lock_wait_timeout = " + seconds;
        session << "SET SESSION max_statement_time = " + seconds;
        // A text that does not fit is refused, not cut; and what is quoted is read as everywhere else.
        session << "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO'";
    }
}

}  // namespace

std::string_view name_of(DatabaseType type) { return type_names.at(static_cast<std::size_t>(type)); }

std::optional<DatabaseType> database_type(std::string_view name) {
    for (std::size_t i = 0; i < type_names.size(); ++i)
        if (name == type_names.at(i)) return static_cast<DatabaseType>(i);
    return std::nullopt;
}

std::string in_words(const DatabaseAddress& address) {
    if (address.type == DatabaseType::sqlite) return address.path.string();
    std::string text = address.name.substr(0, address.name.find(';'));  // ODBC: what follows may be a password
    if (!address.host.empty()) text += " at " + address.host;
    if (address.port != 0) text += ":" + std::to_string(address.port);
    return text + " (" + std::string{name_of(address.type)} + ")";
}

std::string connect_text(const DatabaseAddress& address, const std::string& password) {
    switch (address.type) {
        case DatabaseType::sqlite:
            return "dbname=\"" + address.path.string() + "\" timeout=" + std::to_string(address.patience.count()) +
                   " synchronous=full";
        case DatabaseType::postgresql:
            return postgresql(address, password);
        case DatabaseType::mariadb:
            return mariadb(address, password);
        case DatabaseType::odbc:
            return odbc(address, password);
    }
    return {};
}

FileIdentity file_identity(const DatabaseAddress& address) {
    struct stat status {};
    if (address.type != DatabaseType::sqlite || ::stat(address.path.c_str(), &status) != 0) return {};
    return {status.st_dev, status.st_ino};
}

void EndSession::operator()(soci::session* session) const noexcept {
    try {
        if (session->get_backend_name() == "odbc") session->rollback();
        delete session;
    } catch (const std::exception&) {
    }
}

Result<Session> connect(const DatabaseAddress& address) try {
    // SQLite would make an empty one in its place.
    std::error_code code;
    if (address.type == DatabaseType::sqlite && !fs::is_regular_file(address.path, code))
        return offline(address, "there is no such file");
    const auto password = password_of(address);
    if (password.has_error()) return password.error();
    const std::string backend{address.type == DatabaseType::mariadb  ? "mysql"
                              : address.type == DatabaseType::sqlite ? "sqlite3"
                                                                     : name_of(address.type)};
    Session session{new soci::session{backend, connect_text(address, *password)}};
    limit(*session, address);
    return session;
} catch (const std::exception& problem) {
    return offline(address, words_of(problem));
}

// As a URI: whatever stands in the path means itself.
Result<Session> connect_without_locks(const DatabaseAddress& address) try {
    std::string uri = "file:";
    for (const char c : address.path.string()) {
        const bool plain =
            std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '/' || c == '.' || c == '-' || c == '_';
        uri += plain ? std::string{c} : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return Session{new soci::session{"sqlite3", "dbname=" + uri + "?immutable=1 readonly=1"}};
} catch (const std::exception& problem) {
    return offline(address, words_of(problem));
}

Error trouble_of(const std::exception& problem, const DatabaseAddress& address, const std::string& what) {
    const auto* known = dynamic_cast<const soci::soci_error*>(&problem);
    const auto category = known ? known->get_error_category() : soci::soci_error::unknown;
    const std::string words = words_of(problem);
    const std::vector<std::pair<std::string, std::string>> args{
        {"where", in_words(address)}, {"what", what}, {"why", words}};
    if (category == soci::soci_error::connection_error ||
        speaks_of(words, {"server closed the connection", "no connection to the server", "terminating connection",
                          "Lost connection", "server has gone away", "Connection failed"}))
        return offline(address, words);
    if (speaks_of(words, {"lock", "deadlock", "timeout", "could not serialize", "try restarting", "busy",
                          "max_statement_time", "is open in"}))
        return fail(Errc::busy, N_("{where}: {what} had to wait too long for someone else. It is tried again."), args,
                    words);
    if (category == soci::soci_error::no_privilege || category == soci::soci_error::constraint_violation ||
        speaks_of(words, {"denied", "permission", "readonly", "read-only", "constraint"}))
        return fail(Errc::write_failed, N_("{where}: {what} is refused by the database ({why})."), args);
    return fail(Errc::bad_file,
                N_("{where}: {what} does not fit the database ({why}). Prepare it with: samsynk installation prepare; "
                   "or correct the mapping."),
                args);
}

// SQLite's ordinary one reads first, and then can't wait for its turn to write.
void begin_writing(soci::session& session, DatabaseType type) {
    if (type == DatabaseType::sqlite)
        session << "BEGIN IMMEDIATE";
    else
        session.begin();
}

Prepared::Prepared(soci::session& session, const SqlText& text) : statement_{session} {
    const bool odbc = session.get_backend_name() == "odbc";
    const NumberedSql numbers = odbc ? numbered(text) : NumberedSql{text.sql, text.parameters};
    for (std::size_t i = 0; i < numbers.parameters.size(); ++i) {
        Slot& slot = slots_[numbers.parameters[i]];
        statement_.exchange(soci::use(slot.value, slot.is, odbc ? "p" + std::to_string(i) : numbers.parameters[i]));
    }
    statement_.alloc();
    statement_.prepare(numbers.sql);
    statement_.define_and_bind();
}

long long Prepared::execute(const Values& values) {
    for (auto& [name, slot] : slots_) {
        const auto value = values.find(name);
        const bool given = value != values.end() && value->second;
        slot.value = given ? *value->second : std::string{};
        slot.is = given ? soci::i_ok : soci::i_null;
    }
    statement_.execute(true);
    return statement_.get_affected_rows();
}

}  // namespace samsynk::installations
