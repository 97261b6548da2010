// Any bytes as a mapping: read, or refused with file and line; and each statement is read as the same when it is read
// again.
#include "installations/sql/mapping.hpp"

#include "fuzz/fuzz.hpp"

namespace {

using namespace samsynk;
using installations::SqlText;

void check_statement(const SqlText& text) {
    const auto again = installations::read_sql(text.sql, "again");
    fuzz::check(again.has_value(), "a statement that was read can't be read");
    fuzz::check(again->sql == text.sql && again->parameters == text.parameters, "a statement changed on its way");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzz::text_of(data, size);
    for (const std::string& statement : installations::statements_of(text))
        fuzz::check(!statement.empty() && statement.size() <= size + 1, "a script gives more than it holds");
    const auto mapping = installations::parse_mapping(text, "m.yaml");
    if (mapping.has_error()) {
        fuzz::check_error(mapping.error(), {Errc::bad_settings});
        return 0;
    }
    check_statement(mapping->companies);
    fuzz::check(mapping->companies.parameters.empty(), "companies has a parameter");
    for (const auto& attempts :
         {mapping->write[0], mapping->write[1], mapping->write_collaboration, mapping->leave_mark})
        for (const SqlText& one : attempts) check_statement(one);
    return 0;
}
