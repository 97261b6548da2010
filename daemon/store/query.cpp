#include "store/query.hpp"

#include <sqlite3.h>

namespace samsynk::store {

OrgNumber company_at(Row& row, int column) {
    std::string digits = std::to_string(number_at(row, column));
    if (digits.size() < 10) digits.insert(0, 10 - digits.size(), '0');
    auto company = OrgNumber::parse(digits);
    if (company.has_error()) throw SQLite::Exception("a stored organisation number is not valid", SQLITE_CORRUPT);
    return *company;
}

}  // namespace samsynk::store
