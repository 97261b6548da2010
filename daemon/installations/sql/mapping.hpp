// A mapping: how one accounting program's database is read and written, as named statements that an integrator wrote.
#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "sync/model.hpp"

namespace samsynk::installations {

/// One statement, ready for SOCI, which knows neither comments nor quotes other than '…'.
struct SqlText {
    std::string sql;                      ///< without comments, and without a semicolon at its end
    std::vector<std::string> parameters;  ///< `:name` outside of quotes, each once, in order
};

/// `what` is for the message: the statement's name in the mapping. Error bad_file: empty, a quote or a comment that is
/// not closed, more than one statement, a colon in quotes other than '…'.
Result<SqlText> read_sql(std::string_view text, const std::string& what);

/// The same with each place of a parameter under a name of its own, and which parameter it is: ODBC knows places only.
struct NumberedSql {
    std::string sql;
    std::vector<std::string> parameters;  ///< of `:p0`, `:p1`, …
};
NumberedSql numbered(const SqlText& text);

/// A script's statements, which end with a semicolon at the end of a line. Comments of whole lines are left out.
std::vector<std::string> statements_of(std::string_view script);

/// Tried in order, in one transaction, until one has changed exactly one row.
using Attempts = std::vector<SqlText>;

struct Mapping {
    std::filesystem::path file;
    std::string program;                 ///< how the online service knows it: a-z, 0-9, dash
    std::vector<std::string> databases;  ///< the types that its statements are written for
    std::optional<SqlText> busy;         ///< a row: the program has the database for itself, so that it must be let be
    SqlText companies;                   ///< one row a company; the columns are those of `company_columns`
    std::array<Attempts, 2> write;       ///< by preference; empty where it can't be written
    Attempts write_collaboration;        ///< empty where there is no place for it
    std::optional<SqlText> mark;
    Attempts leave_mark;
    std::string prepare;  ///< a script that makes what the program has no place for
    std::string grants;   ///< the rights that the connecting user needs; `{user}` stands for it

    const Attempts& writing(sync::Preference preference) const {
        return write.at(static_cast<std::size_t>(preference));
    }
};

/// What `companies` must give, by name, in any order.
inline constexpr std::array company_columns{
    "place", "number", "name", "send_all_invoices", "receive_invoices", "collaboration_revision"};

/// Parameters of the statements. All are text; a preference is `1` or `0`, absent is NULL.
inline constexpr std::array preference_parameters{"place", "company", "from", "to"};
inline constexpr std::array collaboration_parameters{"place",
                                                     "company",
                                                     "name",
                                                     "function_active",
                                                     "state",
                                                     "awaiting",
                                                     "office_company",
                                                     "office_name",
                                                     "assignment",
                                                     "invoice_recipient",
                                                     "payee",
                                                     "invited_at",
                                                     "approved_at",
                                                     "ends_on",
                                                     "ended_at",
                                                     "registration",
                                                     "registration_operator",
                                                     "sending_in_effect",
                                                     "receiving_in_effect",
                                                     "collaboration_revision"};

/// Error bad_settings, with file and line; nothing in it was used.
Result<Mapping> parse_mapping(std::string_view text, const std::filesystem::path& file);
Result<Mapping> load_mapping(const std::filesystem::path& file);

/// The file of a mapping that is named by a word: an administrator's in /etc/samsynk/mappings, else one that came with
/// Samsynk. Error bad_settings: there is none; the message names those that there are.
Result<std::filesystem::path> find_mapping(const std::string& name);

}  // namespace samsynk::installations
