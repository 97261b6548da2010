// Any bytes as a SIE file, in whatever encoding: a name that can be shown, and a number that stands in the file.
#include "installations/folder/sie.hpp"

#include "core/plain_text.hpp"
#include "fuzz/fuzz.hpp"

namespace samsynk::fuzz {
namespace {

using installations::SieIdentity;

std::string with_windows_line_ends(std::string_view text) {
    std::string result;
    for (const char c : text) result += c == '\n' ? std::string{"\r\n"} : std::string{c};
    return result;
}

bool has_control_characters(std::string_view text) {
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

void read_same(const SieIdentity& identity, const std::string& text) {
    const auto again = installations::read_sie_identity(text, "bok.se");
    check(again.has_value() && again->number == identity.number && again->name == identity.name &&
              again->exported == identity.exported && again->year_end == identity.year_end,
          "line ends or a byte order mark make it another company");
}

bool is_day(int day) {
    const int month = day / 100 % 100;
    return day == 0 || (day >= 19000101 && day <= 99991231 && month >= 1 && month <= 12 && day % 100 >= 1);
}

void read(std::string_view text) {
    text = text.substr(0, installations::sie_head_size);
    const auto identity = installations::read_sie_identity(text, "bok.se");
    if (identity.has_error()) return check_error(identity.error(), {Errc::bad_file});
    check(identity->name.size() <= 250 && installations::is_utf8(identity->name), "a name is not UTF-8, or too long");
    check(!has_control_characters(identity->name), "a name holds control characters");
    check(!has_control_characters(identity->company_folder), "a folder holds control characters");
    check(!identity->name.starts_with(' ') && !identity->name.ends_with(' '), "blanks stand around a name");
    check(is_day(identity->exported) && is_day(identity->year_end), "a day is none");
    check(text.find('#') != std::string_view::npos || text.find('<') != std::string_view::npos,
          "a file without a label");
    const bool utf16 = text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF");
    if (utf16) return;
    read_same(*identity, with_windows_line_ends(text));
    if (!text.starts_with("\xEF\xBB\xBF")) read_same(*identity, "\xEF\xBB\xBF" + std::string{text});
}

void convert(std::string_view text) {
    const bool valid = installations::is_utf8(text);
    check(valid == (valid_utf8(text) == text), "two opinions of what UTF-8 is");
    const std::string converted = installations::utf8_from_sie(text);
    check(installations::is_utf8(converted), "a text was not converted to UTF-8");
    check(!valid || converted == text || text.find('\x15') != std::string_view::npos, "UTF-8 was changed");
}

}  // namespace
}  // namespace samsynk::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    samsynk::fuzz::read(samsynk::fuzz::text_of(data, size));
    samsynk::fuzz::convert(samsynk::fuzz::text_of(data, size));
    return 0;
}
