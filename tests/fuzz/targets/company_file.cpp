// Any bytes as a person's company.yaml: read, or refused as a whole, and never half.
#include "installations/folder/user_files.hpp"

#include "fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace samsynk;
    const auto text = fuzz::text_of(data, size);
    const auto company = installations::parse_company_file(text, "company.yaml");
    if (company.has_error()) {
        fuzz::check_error(company.error(), {Errc::bad_file});
        return 0;
    }
    fuzz::check(installations::is_utf8(company->name), "a name is not UTF-8");
    fuzz::check(company->name.size() + company->number.size() <= 4 * size, "a file gives more than it holds");
    const auto number = OrgNumber::parse(company->number);
    if (number.has_error()) return 0;
    // What was understood, written plainly, is understood the same.
    const std::string plain =
        "company: " + number->text() + "\nignore: " + (company->ignored ? "true" : "false") + "\n";
    const auto again = installations::parse_company_file(plain, "company.yaml");
    fuzz::check(again.has_value() && OrgNumber::parse(again->number) == number && again->ignored == company->ignored,
                "a company changed on its way");
    return 0;
}
