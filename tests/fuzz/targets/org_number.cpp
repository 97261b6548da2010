// Any text as an organisation number: what parses is ten digits that stand in the text, and parses to itself.
#include "core/org_number.hpp"

#include "fuzz/fuzz.hpp"

namespace samsynk::fuzz {
namespace {

bool is_subsequence(std::string_view digits, std::string_view text) {
    for (const char c : text)
        if (!digits.empty() && digits.front() == c) digits.remove_prefix(1);
    return digits.empty();
}

void parse_again(const OrgNumber& number, const std::string& text) {
    const auto again = OrgNumber::parse(text);
    check(again.has_value() && *again == number, "a number does not parse to itself");
}

void read(std::string_view text) {
    const auto number = OrgNumber::parse(text);
    if (number.has_error()) {
        check_error(number.error(), {Errc::missing_number, Errc::invalid_number, Errc::placeholder_number});
        check(number.error().code == Errc::placeholder_number || number.error().message.args.empty(),
              "an error repeats what may be a person's number");
        return;
    }
    const std::string digits = number->digits();
    check(digits.size() == 10 && is_subsequence(digits, text), "a number was invented");
    for (const std::string& form : {digits, number->text(), " " + digits + "\r\n", "SE" + digits + "01", "16" + digits})
        parse_again(*number, form);
    const bool shown = number->masked().ends_with(digits.substr(6));
    check(shown != number->is_person(), "a person's number is shown, or a company's is not");
}

}  // namespace
}  // namespace samsynk::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    samsynk::fuzz::read(samsynk::fuzz::text_of(data, size));
    return 0;
}
