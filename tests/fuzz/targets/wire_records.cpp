// Any bytes as a page of companies or of changes: what is read can be written and is then read as the same.
#include "fuzz/fuzz.hpp"
#include "fuzz/wire_text.hpp"
#include "service/wire.hpp"

namespace samsynk::fuzz {
namespace {

namespace json = boost::json;

void check_record(const sync::Record& record) {
    if (record.problem) return check_error(*record.problem, {Errc::bad_record});
    for (const std::string& text : {record.name, record.updated_at, record.registration_operator,
                                    record.collaboration.office_name, record.collaboration.assignment_name})
        check(installations::is_utf8(text), "a text is not UTF-8");
    const bool none = record.collaboration.state == sync::CollaborationState::none;
    check(!none || record.collaboration == sync::Collaboration{}, "a collaboration without a state");
}

std::string written(const std::vector<sync::Record>& records, const char* more, json::value value) {
    json::array items;
    for (const sync::Record& record : records)
        if (!record.problem) items.push_back(wire_text(record));
    return json::serialize(
        json::object{{"items", std::move(items)}, {more, std::move(value)}, {"cursor", "c"}, {"epoch", "e"}});
}

void check_same(const std::vector<sync::Record>& read, const std::vector<sync::Record>& again) {
    std::vector<sync::Record> good;
    for (const sync::Record& record : read) {
        check_record(record);
        if (!record.problem) good.push_back(record);
    }
    check(good == again, "a record changed on its way");
}

void read(std::string_view text) {
    const auto page = service::parse_record_page(text);
    if (page.has_value())
        check_same(
            page->items,
            service::parse_record_page(written(page->items, "next", text_or_null(page->next.value_or(""))))->items);
    else
        check_error(page.error(), {Errc::bad_reply});
    const auto changes = service::parse_change_page(text);
    if (changes.has_value())
        check_same(changes->items, service::parse_change_page(written(changes->items, "more", changes->more))->items);
    else
        check_error(changes.error(), {Errc::bad_reply});
}

}  // namespace
}  // namespace samsynk::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    samsynk::fuzz::read(samsynk::fuzz::text_of(data, size));
    return 0;
}
