#include "core/personal_numbers.hpp"

#include "core/org_number.hpp"

namespace samsynk {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
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

}  // namespace samsynk
