// The text of one SQL statement of a mapping: what is a parameter in it, and what is not.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"

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

}  // namespace samsynk::installations
