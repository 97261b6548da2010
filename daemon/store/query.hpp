// A prepared statement that is kept and used again: preparing costs more than running.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/org_number.hpp"
#include "core/time.hpp"
#include "sync/holds.hpp"

namespace samsynk::store {

/// Values are bound in the order of the `?`s. Throws SQLite::Exception.
class Query {
public:
    Query(SQLite::Database& database, const std::string& sql) : statement_{database, sql} {}

    /// Binds and runs a statement that gives no rows.
    template <class... Values>
    void run(const Values&... values) {
        start(values...);
        statement_.executeStep();
        statement_.tryReset();
    }

    /// Binds, runs, and calls `take(row)` for each row; the row's columns are read with getColumn(index).
    template <class Take, class... Values>
    void each(Take take, const Values&... values) {
        start(values...);
        while (statement_.executeStep()) take(statement_);
        statement_.tryReset();
    }

private:
    template <class... Values>
    void start(const Values&... values) {
        statement_.tryReset();
        int index = 0;
        (bind(++index, values), ...);
    }
    // Texts are not copied: they live until the step that uses them has run.
    void bind(int index, const std::string& text) { statement_.bindNoCopy(index, text); }
    void bind(int index, std::string_view text) { statement_.bind(index, std::string{text}); }
    void bind(int index, const char* text) { statement_.bind(index, text); }
    void bind(int index, bool value) { statement_.bind(index, static_cast<std::int32_t>(value)); }
    void bind(int index, std::int64_t value) { statement_.bind(index, value); }
    void bind(int index, Time time) { bind(index, std::int64_t{time.time_since_epoch().count()}); }
    void bind(int index, const std::optional<Time>& time) {
        if (time)
            bind(index, *time);
        else
            statement_.bind(index);
    }
    void bind(int index, const OrgNumber& company) {
        statement_.bind(index, std::int64_t{std::stol(company.digits())});
    }
    void bind(int index, const std::optional<OrgNumber>& company) {
        if (company)
            bind(index, *company);
        else
            statement_.bind(index);
    }
    void bind(int index, const std::optional<bool>& choice) {
        if (choice)
            bind(index, *choice);
        else
            statement_.bind(index);
    }

    SQLite::Statement statement_;
};

using Row = SQLite::Statement;

inline std::string text_at(Row& row, int column) { return row.getColumn(column).getString(); }
/// Without a copy: good until the next row. The text itself must not be null.
inline std::string_view view_at(Row& row, int column) {
    const SQLite::Column text = row.getColumn(column);
    const char* begin = text.getText("");  // before its size, which is of what was last asked for
    return {begin, static_cast<std::size_t>(text.getBytes())};
}
inline std::int64_t number_at(Row& row, int column) { return row.getColumn(column).getInt64(); }
inline Time time_at(Row& row, int column) { return Time{std::chrono::milliseconds{number_at(row, column)}}; }
inline bool flag_at(Row& row, int column) { return row.getColumn(column).getInt() != 0; }
inline std::optional<bool> choice_at(Row& row, int column) {
    if (row.isColumnNull(column)) return std::nullopt;
    return flag_at(row, column);
}
/// Throws SQLite::Exception (SQLITE_CORRUPT) where the column holds no organisation number, or a name that is not
/// known.
OrgNumber company_at(Row& row, int column);
sync::Preference preference_at(Row& row, int column);
std::optional<sync::Preference> maybe_preference_at(Row& row, int column);  ///< nothing where the text is empty
sync::HoldKind kind_at(Row& row, int column);
sync::Rule rule_at(Row& row, int column);
std::optional<Time> maybe_time_at(Row& row, int column);  ///< nothing where it is null

}  // namespace samsynk::store
