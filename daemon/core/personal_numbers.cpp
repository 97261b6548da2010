#include "core/personal_numbers.hpp"

#include "core/org_number.hpp"
#include "core/text.hpp"

namespace samsynk {
namespace {

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

// `SE800101123101`: of twelve digits, the first ten.
Result<OrgNumber> number_in(std::string_view text) {
    auto number = OrgNumber::parse(text);
    if (number.has_error() && text.size() == 12 && text.ends_with("01")) return OrgNumber::parse(text.substr(0, 10));
    return number;
}

// Six digits that are a day, a dash or a plus, four digits.
bool looks_like_a_persons(std::string_view text) {
    if (text.size() < 11 || (text[text.size() - 5] != '-' && text[text.size() - 5] != '+')) return false;
    const int month = (text[text.size() - 9] - '0') * 10 + text[text.size() - 8] - '0';
    const int day = (text[text.size() - 7] - '0') * 10 + text[text.size() - 6] - '0';
    return month >= 1 && month <= 12 && ((day >= 1 && day <= 31) || (day >= 61 && day <= 91));
}

std::string masked_number(std::string_view text, Numbers which) {
    if (const auto number = number_in(text); number.has_value() && number->is_person()) return number->masked();
    if (which == Numbers::also_mistyped && looks_like_a_persons(text))
        return std::string{text.substr(text.size() - 11, 6)} + "-****";
    return {};
}

}  // namespace

std::string without_personal_numbers(std::string_view text, Numbers which) {
    std::string masked;
    masked.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const bool begins = is_digit(text[at]) && (at == 0 || !is_digit(text[at - 1]));
        const std::size_t size = begins ? number_size(text, at) : 0;
        const std::string number = size > 0 ? masked_number(text.substr(at, size), which) : std::string{};
        if (number.empty()) {
            masked += text[at++];
            continue;
        }
        masked += number;
        at += size;
    }
    return masked;
}

}  // namespace samsynk
