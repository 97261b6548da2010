// How our values stand in a row, and come out of it again.
#pragma once

#include <SQLiteCpp/Statement.h>

#include <string>

#include "sync/model.hpp"

namespace samsynk::store {

inline void bind(SQLite::Statement& row, int at, sync::Choice choice) {
    if (choice)
        row.bind(at, *choice ? 1 : 0);
    else
        row.bind(at);
}
inline void bind(SQLite::Statement& row, int at, const OrgNumber& company) {
    row.bind(at, static_cast<std::int64_t>(std::stoll(company.digits())));
}
inline void bind(SQLite::Statement& row, int at, std::string_view text) { row.bind(at, std::string{text}); }

inline sync::Choice choice_at(SQLite::Statement& row, int at) {
    const auto column = row.getColumn(at);
    return column.isNull() ? sync::Choice{} : sync::Choice{column.getInt() != 0};
}

/// Rows hold only numbers that were valid when they were written.
inline OrgNumber company_at(SQLite::Statement& row, int at) {
    std::string digits = std::to_string(row.getColumn(at).getInt64());
    digits.insert(0, digits.size() < 10 ? 10 - digits.size() : 0, '0');
    return OrgNumber::parse(digits).value();
}
inline std::string text_at(SQLite::Statement& row, int at) { return row.getColumn(at).getString(); }

}  // namespace samsynk::store
