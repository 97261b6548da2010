// Any text as an RFC 3339 time: only the agreed form is one, and what is written of it is read as the same.
#include "core/time.hpp"

#include "fuzz/fuzz.hpp"

namespace samsynk::fuzz {
namespace {

// An independent reading of the form: `9` stands for a digit.
bool has_form(std::string_view text, std::string_view form) {
    return text.size() == form.size() && std::equal(text.begin(), text.end(), form.begin(), [](char c, char f) {
               return f == '9' ? c >= '0' && c <= '9' : f == 'T' ? c == 'T' || c == 't' || c == ' ' : c == f;
           });
}

bool is_time(std::string_view text) {
    constexpr std::string_view form = "9999-99-99T99:99:99";
    if (text.size() <= form.size() || !has_form(text.substr(0, form.size()), form)) return false;
    text.remove_prefix(form.size());
    if (text.front() == '.') {
        const auto end = text.find_first_not_of("0123456789", 1);
        if (end == std::string_view::npos || end == 1) return false;
        text.remove_prefix(end);
    }
    return text == "Z" || text == "z" || has_form(text, "+99:99") || has_form(text, "-99:99");
}

void read(std::string_view text) {
    const auto time = parse_rfc3339(text);
    if (time.has_error()) {
        if (installations::is_utf8(text)) check_error(time.error(), {Errc::bad_reply});
        return;
    }
    check(is_time(text), "something else was taken for a time");
    const std::string written = to_rfc3339(*time);
    const auto again = parse_rfc3339(written);
    check(again.has_value() && *again == std::chrono::floor<std::chrono::seconds>(*time), "a time changed on its way");
    check(!text.ends_with('Z') ||
              written.substr(0, 16) == std::string{text.substr(0, 10)} + "T" + std::string{text.substr(11, 5)} ||
              text.substr(17, 2) == "60",
          "a time is written as another");
}

}  // namespace
}  // namespace samsynk::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    samsynk::fuzz::read(samsynk::fuzz::text_of(data, size));
    return 0;
}
