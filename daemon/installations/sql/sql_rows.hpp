// Companies as rows and parameters of a mapping's statements. What rows say is read strictly: a value that is not what
// it should be sets its company aside, and never counts as absent.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "installations/companies.hpp"
#include "installations/sql/database.hpp"

namespace samsynk::installations {

/// One row, as text; nothing for NULL. In the order of `company_columns`.
struct CompanyRow {
    std::optional<std::string> place, number, name, send_all_invoices, receive_invoices, told;
};

/// The companies in order of place. A place that several rows show is set aside. `where` is for the messages.
/// Error bad_file: a row without a place, or one that can't be a name; then nothing of it may be used.
Result<Companies> companies_of(const std::vector<CompanyRow>& rows, const std::string& where);

/// `1`, `0`; nothing for absent. As the parameters of a statement.
std::optional<std::string> parameter(sync::Choice choice);

/// The parameters of `write_collaboration`.
Values values_of(const agent::NoticeWrite& write);

}  // namespace samsynk::installations
