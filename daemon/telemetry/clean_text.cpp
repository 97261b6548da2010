#include "telemetry/clean_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace samsynk::telemetry {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

// The length of the well-formed character at the beginning of `text`; 0 where there is none.
std::size_t character_size(std::string_view text) {
    const auto first = static_cast<unsigned char>(text[0]);
    if (first < 0x80) return 1;
    const std::size_t size = first >= 0xC2 && first < 0xE0   ? 2
                             : first >= 0xE0 && first < 0xF0 ? 3
                             : first >= 0xF0 && first < 0xF5 ? 4
                                                             : 0;
    if (size == 0 || text.size() < size || !std::all_of(text.begin() + 1, text.begin() + size, is_continuation))
        return 0;
    const auto second = static_cast<unsigned char>(text[1]);
    const bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
    const bool outside = (first == 0xED && second >= 0xA0) || (first == 0xF4 && second >= 0x90);
    return overlong || outside ? 0 : size;
}

// The length of what looks like a number at `at`: digits, and a dash or plus before the last four.
std::size_t number_size(std::string_view text, std::size_t at) {
    std::size_t end = at;
    while (end < text.size() && is_digit(text[end])) ++end;
    const std::size_t digits = end - at;
    if (digits == 10 || digits == 12) return digits;
    if (digits != 6 && digits != 8) return 0;
    if (end == text.size() || (text[end] != '-' && text[end] != '+')) return 0;
    std::size_t tail = end + 1;
    while (tail < text.size() && is_digit(text[tail])) ++tail;
    return tail - end == 5 ? tail - at : 0;
}

}  // namespace

std::string valid_utf8(std::string_view text) {
    std::string valid;
    valid.reserve(text.size());
    while (!text.empty()) {
        const auto other = std::find_if(text.begin(), text.end(), [](char c) { return (c & 0x80) != 0; });
        const auto plain = static_cast<std::size_t>(other - text.begin());
        valid += text.substr(0, plain);
        text.remove_prefix(plain);
        if (text.empty()) break;
        const std::size_t size = character_size(text);
        valid += size == 0 ? std::string_view{"\uFFFD"} : text.substr(0, size);
        text.remove_prefix(std::max<std::size_t>(size, 1));
    }
    return valid;
}

std::string one_line(std::string_view text) {
    std::string line;
    line.reserve(text.size());
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '\n')
            line += "\\n";
        else if (c == '\t')
            line += "\\t";
        else if (byte < 0x20 || byte == 0x7f)
            line += fmt::format("\\x{:02x}", byte);
        else
            line += c;
    }
    return line;
}

std::string without_personal_numbers(std::string_view text) {
    std::string masked;
    masked.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const bool begins = is_digit(text[at]) && (at == 0 || !is_digit(text[at - 1]));
        const std::size_t size = begins ? number_size(text, at) : 0;
        if (size > 0) {
            const auto number = OrgNumber::parse(text.substr(at, size));
            if (number.has_value() && number->is_person()) {
                masked += number->masked();
                at += size;
                continue;
            }
        }
        masked += text[at++];
    }
    return masked;
}

std::string log_message(const Event& event) {
    return without_personal_numbers(one_line(valid_utf8(to_text(event.message))));
}

}  // namespace samsynk::telemetry
