#include "core/personal_numbers.hpp"

#include <span>

#include "core/org_number.hpp"
#include "core/text.hpp"

namespace samsynk {
namespace {

// What looks like a number: how long it is as it is written, and how it is written most often.
struct Candidate {
    std::size_t size = 0;  ///< 0: there is none
    std::string text{};
    bool dashed = false;  ///< what stands between is more than blanks
};

constexpr std::size_t most_between = 5;  // characters

constexpr std::string_view blanks[] = {" ", "\t", "\u00a0", "\u2007", "\u2009", "\u202f"};
constexpr std::string_view dashes[] = {"-", "_", "\u00ad", "\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2212"};

std::size_t digits_at(std::string_view text, std::size_t at) {
    std::size_t end = at;
    while (end < text.size() && is_digit(text[end])) ++end;
    return end - at;
}

// The blank or dash that the text begins with; empty where it is another character.
std::string_view begins_with(std::string_view text, std::span<const std::string_view> characters) {
    for (const std::string_view one : characters)
        if (text.starts_with(one)) return one;
    return {};
}

Candidate with_between(std::string_view text, std::size_t at, std::size_t digits) {
    Candidate found{.text = std::string{text.substr(at, digits)}};
    std::size_t end = at + digits;
    char sign = '-';
    for (std::size_t n = 0; n < most_between && end < text.size() && !is_digit(text[end]); ++n) {
        const std::string_view rest = text.substr(end), blank = begins_with(rest, blanks);
        const std::string_view dash = rest.starts_with('+') ? rest.substr(0, 1) : begins_with(rest, dashes);
        if (blank.empty() && (dash.empty() || found.dashed)) return {};
        found.dashed = found.dashed || !dash.empty();
        if (dash == "+") sign = '+';
        end += blank.size() + dash.size();
    }
    if (end == at + digits || digits_at(text, end) != 4) return {};
    found.text += sign + std::string{text.substr(end, 4)};
    found.size = end + 4 - at;
    return found;
}

// Digits alone, or with something between the date and the last four.
Candidate candidate_at(std::string_view text, std::size_t at) {
    const std::size_t digits = digits_at(text, at);
    if (digits == 10 || digits == 12) return {.size = digits, .text = std::string{text.substr(at, digits)}};
    return digits == 6 || digits == 8 ? with_between(text, at, digits) : Candidate{};
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

std::string masked_number(const Candidate& found, Numbers which) {
    const std::string& text = found.text;
    if (const auto number = number_in(text); number.has_value() && number->is_person()) return number->masked();
    if (which == Numbers::also_mistyped && found.dashed && looks_like_a_persons(text))
        return text.substr(text.size() - 11, 6) + "-****";
    return {};
}

}  // namespace

std::string without_personal_numbers(std::string_view text, Numbers which) {
    std::string masked;
    masked.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const bool begins = is_digit(text[at]) && (at == 0 || !is_digit(text[at - 1]));
        const Candidate found = begins ? candidate_at(text, at) : Candidate{};
        const std::string number = found.size > 0 ? masked_number(found, which) : std::string{};
        if (number.empty()) {
            masked += text[at++];
            continue;
        }
        masked += number;
        at += found.size;
    }
    return masked;
}

}  // namespace samsynk
