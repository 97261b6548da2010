#include "core/org_number.hpp"

#include <algorithm>
#include <cctype>

namespace samsynk {
namespace {

bool all_digits(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
}

std::string_view trim(std::string_view text) {
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front()))) text.remove_prefix(1);
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) text.remove_suffix(1);
    return text;
}

bool luhn(std::string_view digits) {
    int sum = 0;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        int digit = digits[i] - '0';
        if (i % 2 == 0) digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
        sum += digit;
    }
    return sum % 10 == 0;
}

// Drops what is written around the ten digits: a country and suffix, a dash or plus, a century.
std::string bare(std::string_view text) {
    std::string digits{text};
    if (digits.size() == 14 && (digits.starts_with("SE") || digits.starts_with("se")) && digits.ends_with("01"))
        digits = digits.substr(2, 10);
    if (digits.size() > 5 && (digits[digits.size() - 5] == '-' || digits[digits.size() - 5] == '+'))
        digits.erase(digits.size() - 5, 1);
    if (digits.size() == 12 && (digits.starts_with("16") || digits.starts_with("19") || digits.starts_with("20")))
        digits.erase(0, 2);
    return digits;
}

}  // namespace

Result<OrgNumber> OrgNumber::parse(std::string_view text) {
    text = trim(text);
    if (text.empty()) return fail(Errc::missing_number, N_("No organisation number is given."));
    const std::string digits = bare(text);
    // The text itself is left out: it may be a person's number.
    if (digits.size() != 10 || !all_digits(digits))
        return fail(Errc::invalid_number, N_("The organisation number is not ten digits."));
    if (digits == "5555555555" || digits == "0000000000")
        return fail(Errc::placeholder_number,
                    N_("The organisation number {number} is a placeholder. Enter the company's own number."),
                    {{"number", digits.substr(0, 6) + "-" + digits.substr(6)}});
    if (!luhn(digits))
        return fail(Errc::invalid_number,
                    N_("The organisation number has a wrong check digit. Check for a typing error."));
    return OrgNumber{std::stoull(digits)};
}

std::optional<OrgNumber> OrgNumber::of(std::uint64_t digits) {
    if (digits == 0 || digits == 5555555555 || digits > 9999999999) return std::nullopt;
    unsigned sum = 0;
    bool doubled = false;  // from the last digit, the check digit, on
    for (std::uint64_t rest = digits; rest > 0; rest /= 10, doubled = !doubled) {
        const auto digit = static_cast<unsigned>(rest % 10) * (doubled ? 2 : 1);
        sum += digit > 9 ? digit - 9 : digit;
    }
    return sum % 10 == 0 ? std::optional{OrgNumber{digits}} : std::nullopt;
}

std::string OrgNumber::digits() const {
    std::string digits = std::to_string(value_);
    return std::string(10 - digits.size(), '0') + digits;
}

std::string OrgNumber::text() const {
    const std::string all = digits();
    return all.substr(0, 6) + "-" + all.substr(6);
}

std::string OrgNumber::masked() const { return is_person() ? digits().substr(0, 6) + "-****" : text(); }

bool OrgNumber::is_person() const {
    // A legal person's third digit is at least 2; a person's number has a month there.
    const std::string all = digits();
    const int month = std::stoi(all.substr(2, 2));
    const int day = std::stoi(all.substr(4, 2));
    return month >= 1 && month <= 12 && ((day >= 1 && day <= 31) || (day >= 61 && day <= 91));
}

}  // namespace samsynk
