// Where a database is, how it is connected to, how a statement is carried out in it; and what its errors mean.
#pragma once

#include <soci/soci.h>
#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "core/error.hpp"
#include "installations/sql/mapping.hpp"

namespace samsynk::installations {

enum class DatabaseType { sqlite, postgresql, mariadb, odbc };
std::string_view name_of(DatabaseType type);
std::optional<DatabaseType> database_type(std::string_view name);

/// Whether the way to the server is encrypted. `automatic`: where it leads over a network, and then the server's
/// certificate is checked.
enum class DatabaseTls { automatic, required, off };

struct DatabaseAddress {
    DatabaseType type{};
    std::filesystem::path path;  ///< SQLite: the file
    std::string host;  ///< a name, an address, or the folder (MariaDB: the file) of a socket; empty: this machine
    int port = 0;      ///< 0: the usual one
    std::string name;  ///< of the database; ODBC: of the data source
    std::string user;
    std::optional<std::filesystem::path> password_file;  ///< one line
    std::optional<std::filesystem::path> ca_file;
    DatabaseTls tls = DatabaseTls::automatic;
    std::chrono::seconds patience{10};  ///< for a connection, a lock, a statement
};

/// For people: `postgresql tryton at db.example`; never the password.
std::string in_words(const DatabaseAddress& address);

/// SOCI's text for a connection. Public for its tests: it holds the password.
std::string connect_text(const DatabaseAddress& address, const std::string& password);

/// Which file a path leads to: device and inode. Another one after a restore, or where a program saves by renaming.
using FileIdentity = std::pair<dev_t, ino_t>;
/// Of a SQLite file; {0, 0} where there is none, and for other databases.
FileIdentity file_identity(const DatabaseAddress& address);

/// Where an ODBC driver refuses to disconnect, SOCI ends the program; SQLite's does within a transaction. So that is
/// taken back before, and where even that is refused, the session is left as it is.
struct EndSession {
    void operator()(soci::session* session) const noexcept;
};
using Session = std::unique_ptr<soci::session, EndSession>;

/// Connects, and sees to it that nothing there is waited for longer than its patience.
/// Error installation_offline: with what hindered it.
Result<Session> connect(const DatabaseAddress& address);

/// Connects to a SQLite file in a way that takes no lock at all, so that not even a program that waits for no one is
/// disturbed; what is read may be half of a change. Error installation_offline.
Result<Session> connect_without_locks(const DatabaseAddress& address);

/// What an exception of SOCI's means while `what` was done: installation_offline (the connection is lost), busy (a
/// lock, or its time was over), write_failed (no right to, a constraint) or bad_file (the statement does not fit the
/// database).
Error trouble_of(const std::exception& problem, const DatabaseAddress& address, const std::string& what);

/// Begins a transaction that may write.
void begin_writing(soci::session& session, DatabaseType type);

/// Nothing is NULL. A parameter that a statement does not have is let be.
using Values = std::map<std::string, std::optional<std::string>>;

/// A mapping's statement, prepared in a session, with its parameters by name. Throws what SOCI throws.
class Prepared {
public:
    Prepared(soci::session& session, const SqlText& text);

    /// Returns how many rows were changed.
    long long execute(const Values& values);

private:
    struct Slot {
        std::string value;
        soci::indicator is = soci::i_null;
    };
    std::map<std::string, Slot> slots_;  ///< SOCI keeps pointers into it
    soci::statement statement_;
};

}  // namespace samsynk::installations
