#include "installations/sql/prepared.hpp"

namespace samsynk::installations {

Prepared::Prepared(soci::session& session, const SqlText& text) : statement_{session} {
    for (const std::string& name : text.parameters) {
        Slot& slot = slots_[name];
        statement_.exchange(soci::use(slot.value, slot.is, name));
    }
    statement_.alloc();
    statement_.prepare(text.sql);
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
