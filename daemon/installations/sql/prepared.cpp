#include "installations/sql/prepared.hpp"

namespace samsynk::installations {

Prepared::Prepared(soci::session& session, const SqlText& text) : statement_{session} {
    const bool odbc = session.get_backend_name() == "odbc";
    const NumberedSql numbers = odbc ? numbered(text) : NumberedSql{text.sql, text.parameters};
    for (std::size_t i = 0; i < numbers.parameters.size(); ++i) {
        Slot& slot = slots_[numbers.parameters[i]];
        statement_.exchange(soci::use(slot.value, slot.is, odbc ? "p" + std::to_string(i) : numbers.parameters[i]));
    }
    statement_.alloc();
    statement_.prepare(numbers.sql);
    statement_.define_and_bind();
}

long long Prepared::execute(const Values& values) {
    for (auto& [name, slot] : slots_) {
        const auto value = values.find(name);
        const bool given = value != values.end() && value->second;
        slot.value = given ? *value->second : std::string{};
        slot.is = given ? soci::i_ok : soci::i_null;
    }
    statement_.execute(true);
    return statement_.get_affected_rows();
}

}  // namespace samsynk::installations
