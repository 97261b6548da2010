// The database of an accounting program as its mapping reads and writes it: connected to when that is needed, and anew
// after the connection was lost or the database was replaced.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/reason.hpp"
#include "installations/sql/database.hpp"
#include "installations/sql/mapping.hpp"

namespace samsynk::installations {

/// As installation_offline, whatever it was.
Error as_offline(Error why);
Error changed_in_database(const std::string& place);

/// Blocking; used from one thread at a time.
class SqlConnection {
public:
    SqlConnection(DatabaseAddress address, Mapping mapping)
        : address_{std::move(address)}, mapping_{std::move(mapping)} {}

    const DatabaseAddress& address() const { return address_; }
    const Mapping& mapping() const { return mapping_; }
    std::string where() const { return in_words(address_); }

    /// Why the database must be let be now; nothing where it may be used.
    Reason in_use();
    /// The session, made anew where it is no more what the address leads to; within a transaction as it is.
    Result<soci::session*> session();
    /// As it is now, not as it was.
    Result<void> connect_anew();
    /// Prepares every statement, so that a mapping that does not fit is told before anything is written.
    Result<void> check();
    /// What was prepared before may not fit any more.
    void give_up() { lost_ = true; }
    /// What an exception means; where the connection is lost, it is given up.
    Error failed(const std::exception& problem, const std::string& what);

    /// The mapping's attempts, prepared where they are first needed.
    using PreparedAttempts = std::vector<std::unique_ptr<Prepared>>;
    /// Error changed_meanwhile: no attempt changed a row. Throws what SOCI throws.
    Result<void> attempt(const Attempts& attempts, PreparedAttempts& prepared, const Values& values,
                         const std::string& what);
    /// Does `work` within a point to which it is taken back where it fails.
    Result<void> in_savepoint(const std::string& what, const std::function<Result<void>()>& work);
    /// Does `work` so many times in one transaction, and gives each its result; one that fails leaves the others. Where
    /// the end of it fails, all of them may or may not stand. `keep` false: all is taken back.
    std::vector<Result<void>> in_transaction(std::size_t count, bool keep,
                                             const std::function<Result<void>(std::size_t)>& work);

private:
    /// Whether the kept session still leads to the database: a server ends one that rests, and a file is replaced.
    bool still_leads_there();
    Result<void> check_one(const SqlText& text, const std::string& what);
    Error may_be_done() const;

    DatabaseAddress address_;
    Mapping mapping_;
    Session session_;
    bool lost_ = false;  ///< not to be used any more; closed when nothing that was prepared in it is left
    bool transacting_ = false;
    FileIdentity file_;  ///< SQLite: what the session has open
};

}  // namespace samsynk::installations
