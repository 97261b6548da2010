// The companies in an accounting program's database, by its mapping: finds them, reads and writes.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "installations/blocking_connector.hpp"
#include "installations/sql/sql_connection.hpp"
#include "installations/sql/sql_rows.hpp"

namespace samsynk::installations {

/// Connects when it must, and anew after the connection was lost.
class SqlBooks : public BlockingRepository {
public:
    SqlBooks(DatabaseAddress address, Mapping mapping) : connection_{std::move(address), std::move(mapping)} {}

    const Mapping& mapping() const { return connection_.mapping(); }
    std::string where() const { return connection_.where(); }

    /// All in one statement. Error installation_offline also where a statement does not fit, or there are no companies.
    Result<Companies> scan() override;
    Result<sync::LocalCompanyPtr> read(const std::string& place) override;
    Result<std::string> mark() override;
    Result<void> leave_mark(const std::string& mark) override;
    /// One transaction; a write that fails leaves the others. Where its end fails, all of them may or may not stand.
    WriteResults write_preferences(const std::vector<agent::PreferenceWrite>& writes) override;
    WriteResults write_notices(const std::vector<agent::NoticeWrite>& writes) override;
    /// Each write is made, and taken back.
    std::vector<agent::Probe> test() override;
    Result<agent::Preparation> prepare(bool apply) override;

private:
    /// What was found last, each company set aside for that reason.
    Result<Companies> found_before(const Error& why) const;
    Result<std::vector<CompanyRow>> rows(const std::optional<std::string>& place);
    Result<void> write_one(const agent::PreferenceWrite& write, const Companies& now,
                           std::array<SqlConnection::PreparedAttempts, 2>& prepared);
    /// `keep` false: what is written is taken back.
    WriteResults try_preferences(const std::vector<agent::PreferenceWrite>& writes, bool keep);
    WriteResults try_notices(const std::vector<agent::NoticeWrite>& writes, bool keep);
    Error no_such_company(const std::string& place) const;

    SqlConnection connection_;
    Companies found_;   ///< by the last scan that could be made
    std::string mark_;  ///< as it was then
};

}  // namespace samsynk::installations
