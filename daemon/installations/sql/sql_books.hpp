// The companies in an accounting program's database, by its mapping: finds them, reads and writes.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "agent/ports.hpp"
#include "installations/sql/database.hpp"
#include "installations/sql/mapping.hpp"
#include "installations/sql/prepared.hpp"
#include "installations/sql/sql_rows.hpp"

namespace samsynk::installations {

/// Blocking; used from one thread at a time. See agent::LocalSide for what each call means. Connects when it must, and
/// anew after the connection was lost.
class SqlBooks {
public:
    SqlBooks(DatabaseAddress address, Mapping mapping) : address_{std::move(address)}, mapping_{std::move(mapping)} {}

    const Mapping& mapping() const { return mapping_; }
    std::string where() const { return in_words(address_); }

    /// All in one statement. Error installation_offline also where a statement does not fit, or there are no companies.
    Result<std::vector<sync::LocalCompanyPtr>> scan();
    Result<sync::LocalCompanyPtr> read(const std::string& place);
    Result<std::string> mark();
    Result<void> leave_mark(const std::string& mark);
    /// One transaction; a write that fails leaves the others. Where its end fails, all of them may or may not stand.
    std::vector<Result<void>> write_preferences(const std::vector<agent::PreferenceWrite>& writes);
    std::vector<Result<void>> write_notices(const std::vector<agent::NoticeWrite>& writes);
    /// Each write is made, and taken back.
    std::vector<agent::Probe> test();
    Result<agent::Preparation> prepare(bool apply);

private:
    /// The mapping's attempts, prepared where they are first needed.
    using PreparedAttempts = std::vector<std::unique_ptr<Prepared>>;

    /// Why the database must be let be now; nothing where it may be used.
    Reason in_use();
    /// What was found last, each company set aside for that reason.
    Result<std::vector<sync::LocalCompanyPtr>> found_before(const Error& why) const;
    /// The session, made anew where it is no more what the address leads to; within a transaction as it is.
    Result<soci::session*> connected();
    Result<void> connect_anew();
    /// Whether the kept session still leads to the database: a server ends one that rests, and a file is replaced.
    bool still_leads_there();
    /// Prepares every statement, so that a mapping that does not fit is told before anything is written.
    Result<void> check();
    Result<void> check_one(const SqlText& text, const std::string& what);
    Result<std::vector<CompanyRow>> rows(const std::optional<std::string>& place);
    /// Error changed_meanwhile: no attempt changed a row.
    Result<void> attempt(const Attempts& attempts, PreparedAttempts& prepared, const Values& values,
                         const std::string& what);
    Result<void> write_one(const agent::PreferenceWrite& write, const std::vector<sync::LocalCompanyPtr>& now,
                           std::array<PreparedAttempts, 2>& prepared);
    /// What is done within a point to which it can be taken back.
    template <class Work>
    Result<void> in_savepoint(const std::string& what, Work work);
    /// Does all of `work` in one transaction, and gives each its result; `keep` false: it is taken back.
    template <class Item, class Work>
    std::vector<Result<void>> in_transaction(const std::vector<Item>& items, bool keep, Work work);
    std::vector<Result<void>> try_preferences(const std::vector<agent::PreferenceWrite>& writes, bool keep);
    std::vector<Result<void>> try_notices(const std::vector<agent::NoticeWrite>& writes, bool keep);
    Error failed(const std::exception& problem, const std::string& what);

    DatabaseAddress address_;
    Mapping mapping_;
    Session session_;
    std::vector<sync::LocalCompanyPtr> found_;  ///< by the last scan that could be made
    std::string mark_;                          ///< as it was then
    bool lost_ = false;  ///< not to be used any more; closed when nothing that was prepared in it is left
    bool transacting_ = false;
    FileIdentity file_;  ///< SQLite: what the session has open
};

/// The parameters of `write_collaboration`.
Values values_of(const agent::NoticeWrite& write);

}  // namespace samsynk::installations
