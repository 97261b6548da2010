// Any record that the service can send, told in a file of any content: the file then tells that record.
// The input is a record as JSON, a form feed, and the file that was there.
#include "installations/folder/collaboration_file.hpp"

#include "fuzz/fuzz.hpp"
#include "service/wire.hpp"
#include "support/told_notice.hpp"

namespace samsynk::fuzz {
namespace {

using installations::notice_revision;
using installations::render_notice;

void tell(const sync::Notice& notice, std::string_view old) {
    const std::uint64_t wanted = fingerprint(notice);
    const std::string fresh = render_notice(notice);
    const auto told = told_notice(fresh);
    check(told && fingerprint(*told) == wanted, "a new file tells something else");
    const std::string text = render_notice(notice, old);
    const auto merged = told_notice(text);
    check(merged && fingerprint(*merged) == wanted, "a file that was there tells something else");
    check(notice_revision(fresh) == wanted && notice_revision(text) == wanted, "a revision does not fit");
    check(render_notice(notice, text) == text, "telling it again changes the file");
    check(text.size() <= fresh.size() + old.size() + 1, "a file grows");
    check(installations::is_utf8(fresh), "a new file is not UTF-8");
}

void read(std::string_view text) {
    const std::string record{take(text, '\f')};
    const auto page = service::parse_record_page(R"({"items":[)" + record + R"(],"cursor":"c","epoch":"e"})");
    if (const auto found = told_notice(std::string{text}); found && installations::is_utf8(text)) tell(*found, text);
    if (page.has_error()) return;
    for (const sync::Record& one : page->items)
        if (!one.gone) tell(notice_of(one), text);
}

}  // namespace
}  // namespace samsynk::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    samsynk::fuzz::read(samsynk::fuzz::text_of(data, size));
    return 0;
}
