// Prepared statements that are kept and used again: preparing costs more than running.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>

#include "core/reason.hpp"
#include "sync/model.hpp"

namespace samsynk::store {

using Row = SQLite::Statement;

/// One statement. Values are bound in the order of the `?`s. Throws SQLite::Exception.
class Query {
public:
    Query(SQLite::Database& database, const char* sql) : statement_{database, sql} {}

    /// Binds and runs a statement that gives no rows.
    template <class... Values>
    void run(const Values&... values) {
        start(values...);
        statement_.executeStep();
        statement_.tryReset();
    }

    /// Binds, runs, and calls `take(row)` for each row; what it reads the columns with stands below.
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
        bound_ = 0;
        (bind(values), ...);
    }
    // Texts are not copied: they live until the step that uses them has run.
    void bind(const std::string& text) { statement_.bindNoCopy(++bound_, text); }
    void bind(std::string_view text) { statement_.bind(++bound_, std::string{text}); }
    void bind(const char*) = delete;  // it would be taken for a bool
    void bind(bool value) { statement_.bind(++bound_, static_cast<std::int32_t>(value)); }
    void bind(std::int64_t value) { statement_.bind(++bound_, value); }
    void bind(Time time) { bind(std::int64_t{time.time_since_epoch().count()}); }
    void bind(const OrgNumber& company) { bind(std::int64_t{std::stol(company.digits())}); }
    template <class Value>
    void bind(const std::optional<Value>& value) {
        if (value)
            bind(*value);
        else
            statement_.bind(++bound_);
    }
    template <class Enum>
    requires std::is_enum_v<Enum>
    void bind(Enum value) { bind(name_of(value)); }
    template <class Enum>
    requires std::is_enum_v<Enum>
    void bind(const std::optional<Enum>& value) { bind(value ? name_of(*value) : std::string_view{}); }
    void bind(const sync::PlaceKey& key);             ///< two columns: installation, place
    void bind(const sync::Preferences& preferences);  ///< two columns: send, receive
    void bind(const Reason& reason);                  ///< four columns: code, message, args, detail

    SQLite::Statement statement_;
    int bound_ = 0;
};

/// SQL that stands in the program, so that it is known by its address.
struct Sql {
    consteval Sql(const char* literal) : text{literal} {}  // NOLINT: written as what it is
    const char* text;
};

/// A connection's statements. Each is prepared when it is first used.
class Statements {
public:
    explicit Statements(SQLite::Database& database) : database_{database} {}

    template <class... Values>
    void run(Sql sql, const Values&... values) {
        prepared(sql).run(values...);
    }
    template <class Take, class... Values>
    void each(Sql sql, Take take, const Values&... values) {
        prepared(sql).each(take, values...);
    }

private:
    Query& prepared(Sql sql) { return prepared_.try_emplace(sql.text, database_, sql.text).first->second; }

    SQLite::Database& database_;
    std::unordered_map<const char*, Query> prepared_;
};

/// What a column holds. Throws SQLite::Exception (SQLITE_CORRUPT) where that is no such value.
std::string text_at(Row& row, int column);
/// Without a copy: good until the next row. The text itself must not be null.
std::string_view view_at(Row& row, int column);
std::int64_t number_at(Row& row, int column);
bool flag_at(Row& row, int column);
std::optional<bool> choice_at(Row& row, int column);
Time time_at(Row& row, int column);
std::optional<Time> maybe_time_at(Row& row, int column);  ///< nothing where it is null
OrgNumber company_at(Row& row, int column);
std::optional<sync::Preference> maybe_preference_at(Row& row, int column);  ///< nothing where the text is empty
/// Several columns from that one on, in the order in which Query binds them.
sync::PlaceKey key_at(Row& row, int column);
sync::Preferences preferences_at(Row& row, int column);
Reason reason_at(Row& row, int column);  ///< nothing where the code is empty

/// What a stored name stands for; where it stands for nothing, as above.
template <class Value>
Value known(const std::optional<Value>& value) {
    if (!value) throw SQLite::Exception("a stored value is not valid", SQLITE_CORRUPT);
    return *value;
}

}  // namespace samsynk::store
