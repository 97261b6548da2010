#include "store/query.hpp"

#include <sqlite3.h>

namespace samsynk::store {

OrgNumber company_at(Row& row, int column) {
    const std::int64_t digits = number_at(row, column);
    const auto company = OrgNumber::of(digits < 0 ? 0 : static_cast<std::uint64_t>(digits));
    if (!company) throw SQLite::Exception("a stored organisation number is not valid", SQLITE_CORRUPT);
    return *company;
}

sync::Preference preference_at(Row& row, int column) {
    const std::string name = text_at(row, column);
    for (const auto preference : sync::all_preferences)
        if (name_of(preference) == name) return preference;
    throw SQLite::Exception("a stored preference has an unknown name", SQLITE_CORRUPT);
}

std::optional<sync::Preference> maybe_preference_at(Row& row, int column) {
    return text_at(row, column).empty() ? std::nullopt : std::optional{preference_at(row, column)};
}

sync::HoldKind kind_at(Row& row, int column) {
    const auto kind = sync::hold_kind(text_at(row, column));
    if (!kind) throw SQLite::Exception("a stored hold is of an unknown kind", SQLITE_CORRUPT);
    return *kind;
}

sync::Rule rule_at(Row& row, int column) {
    const auto rule = sync::rule(text_at(row, column));
    if (!rule) throw SQLite::Exception("a stored rule has an unknown name", SQLITE_CORRUPT);
    return *rule;
}

std::optional<Time> maybe_time_at(Row& row, int column) {
    return row.isColumnNull(column) ? std::nullopt : std::optional{time_at(row, column)};
}

}  // namespace samsynk::store
