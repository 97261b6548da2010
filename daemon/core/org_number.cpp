#include "core/org_number.hpp"

#include <algorithm>
#include <cctype>

namespace samsynk {
namespace {

bool all_digits(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
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

constexpr std::string_view blank_forms[] = {" ",      "\t",     "\r",     "\n",     "\v",    "\f",
                                            "\u00a0", "\u2007", "\u2009", "\u202f", "\ufeff"};
// U+2010 to U+2015, the minus sign, and the dash of Windows' code page.
constexpr std::string_view dash_forms[] = {"-",      "+",      "\u2010", "\u2011", "\u2012",
                                           "\u2013", "\u2014", "\u2015", "\u2212", "\x96"};

template <class All>
std::string_view one_at_the_beginning(std::string_view text, const All& all) {
    for (const std::string_view one : all)
        if (text.starts_with(one)) return one;
    return {};
}

// Without blanks, and with one form of dash.
std::string simplified(std::string_view text) {
    std::string simple;
    while (!text.empty()) {
        const std::string_view blank = one_at_the_beginning(text, blank_forms),
                               dash = one_at_the_beginning(text, dash_forms);
        if (blank.empty()) simple += dash.empty() ? text.front() : '-';
        text.remove_prefix(std::max<std::size_t>({blank.size(), dash.size(), 1}));
    }
    return simple;
}

bool is_century(std::string_view two) { return two == "16" || two == "18" || two == "19" || two == "20"; }

// The ten digits, without what is written around them; empty where they are not to be told from it.
std::string bare(std::string text) {
    if (text.size() > 2 && (text[0] == 'S' || text[0] == 's') && (text[1] == 'E' || text[1] == 'e')) {
        text.erase(0, 2);
        const std::size_t size = text.size() - (text.find('-') == 6 ? 1 : 0);
        if (size == 12 && text.ends_with("01")) text.resize(text.size() - 2);
    } else if (text.size() >= 12 && is_century(std::string_view{text}.substr(0, 2))) {
        text.erase(0, text[2] == '-' ? 3 : 2);
    }
    if (text.size() == 11 && text[6] == '-') text.erase(6, 1);
    return text.size() == 10 && all_digits(text) ? text : std::string{};
}

int pair_at(std::string_view digits, std::size_t at) { return (digits[at] - '0') * 10 + digits[at + 1] - '0'; }

// YYMMDD, with 60 added to the day in a coordination number. Which century it is does not stand in the ten digits.
bool is_date(std::string_view digits) {
    constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const int year = pair_at(digits, 0), month = pair_at(digits, 2), day = pair_at(digits, 4) % 60;
    if (month < 1 || month > 12 || pair_at(digits, 4) > 91) return false;
    return day >= 1 && day <= days[month - 1] + (month == 2 && year % 4 == 0 ? 1 : 0);
}

// A legal person's begins with what kind it is, which is never 0.
bool can_be_somebodys(std::string_view digits) { return digits[2] >= '2' ? digits[0] != '0' : is_date(digits); }

// What accounting programs are delivered with, and what people type to get on. Nobody has birth number 000.
bool is_for_practising(std::string_view digits) {
    if (digits.find_first_not_of(digits.front()) == std::string_view::npos) return true;
    if (digits[2] < '2' && digits.substr(6, 3) == "000") return true;
    return digits == "1111111116" || digits == "1212121212" || digits == "1234567897";
}

}  // namespace

Result<OrgNumber> OrgNumber::parse(std::string_view text) {
    const std::string simple = simplified(text);
    if (simple.empty()) return fail(Errc::missing_number, N_("No organisation number is given."));
    const std::string digits = bare(simple);
    // The text itself is left out: it may be a person's number.
    if (digits.empty()) return fail(Errc::invalid_number, N_("The organisation number is not ten digits."));
    if (is_for_practising(digits))
        return fail(Errc::placeholder_number,
                    N_("The organisation number {number} is a placeholder. Enter the company's own number."),
                    {{"number", digits.substr(0, 6) + "-" + digits.substr(6)}});
    if (!luhn(digits))
        return fail(Errc::invalid_number,
                    N_("The organisation number has a wrong check digit. Check for a typing error."));
    if (!can_be_somebodys(digits))
        return fail(Errc::invalid_number,
                    N_("The organisation number can't be anybody's: it is no company's, and no date of birth either. "
                       "Check for a typing error."));
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
