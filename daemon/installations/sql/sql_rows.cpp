#include "installations/sql/sql_rows.hpp"

#include <algorithm>
#include <charconv>

#include "core/plain_text.hpp"
#include "core/text.hpp"
#include "installations/wrong_number.hpp"

namespace samsynk::installations {
namespace {

constexpr std::size_t longest_place = 500;

bool can_be_place(const std::optional<std::string>& text) {
    return text && !text->empty() && text->size() <= longest_place && plain(*text) == *text;
}

// As the databases write a boolean: SQLite and MariaDB 1, PostgreSQL t, others true.
Result<sync::Choice> choice_of(const std::optional<std::string>& text, sync::Preference preference,
                               const std::string& place) {
    if (!text) return sync::Choice{};
    if (*text == "1" || *text == "t" || *text == "true") return sync::Choice{true};
    if (*text == "0" || *text == "f" || *text == "false") return sync::Choice{false};
    return fail(
        Errc::bad_file,
        N_("{place}: {preference} is “{value}” in the database; it must be true, false or NULL (not chosen)."),
        {{"place", place}, {"preference", std::string{name_of(preference)}}, {"value", plain(shortened(*text, 40))}});
}

// What is not a fingerprint is not ours: the agent was there, and must tell it anew.
std::optional<std::uint64_t> told_of(const std::optional<std::string>& text) {
    if (!text) return std::nullopt;
    std::uint64_t value = 0;
    const auto [end, failed] = std::from_chars(text->data(), text->data() + text->size(), value, 16);
    return failed == std::errc{} && end == text->data() + text->size() ? value : 0;
}

Result<void> read_into(sync::LocalCompany& company, const CompanyRow& row) {
    company.name = plain(on_one_line(row.name.value_or("")));
    if (!row.number || row.number->find_first_not_of(' ') == std::string::npos)
        return fail(Errc::missing_number,
                    N_("{place} ({name}) has no organisation number in the database. Enter it in the accounting "
                       "program."),
                    {{"place", company.place}, {"name", company.name}});
    const auto number = OrgNumber::parse(*row.number);
    if (number.has_error()) return wrong_number_of(number.error(), company.place, company.name);
    company.company = *number;
    company.notice = told_of(row.told);
    const auto send = choice_of(row.send_all_invoices, sync::Preference::send_all_invoices, company.place);
    if (send.has_error()) return send.error();
    const auto receive = choice_of(row.receive_invoices, sync::Preference::receive_invoices, company.place);
    if (receive.has_error()) return receive.error();
    company.preferences = {*send, *receive};
    return {};
}

sync::LocalCompany company_of(const CompanyRow& row) {
    sync::LocalCompany company{.place = *row.place, .identity_source = "database"};
    if (const auto read = read_into(company, row); read.has_error()) company.trouble = read.error();
    return company;
}

sync::LocalCompany twice(const std::string& place, std::string name) {
    sync::LocalCompany company{.place = place, .name = std::move(name)};
    company.trouble = fail(Errc::bad_file,
                           N_("{place} stands in several rows of the database. It may bear several numbers there: "
                              "leave one, or correct the mapping."),
                           {{"place", place}});
    return company;
}

}  // namespace

Result<std::vector<sync::LocalCompanyPtr>> companies_of(const std::vector<CompanyRow>& rows, const std::string& where) {
    std::vector<const CompanyRow*> ordered;
    ordered.reserve(rows.size());
    for (const CompanyRow& row : rows) {
        if (!can_be_place(row.place))
            return fail(Errc::bad_file,
                        N_("{where}: a row of “companies” has no place that could name it. Correct the mapping."),
                        {{"where", where}});
        ordered.push_back(&row);
    }
    std::sort(ordered.begin(), ordered.end(), [](const auto* a, const auto* b) { return *a->place < *b->place; });
    std::vector<sync::LocalCompanyPtr> companies;
    companies.reserve(ordered.size());
    for (auto at = ordered.begin(); at != ordered.end();) {
        const auto end = std::find_if(at, ordered.end(), [&](const auto* one) { return one->place != (*at)->place; });
        auto company = end - at == 1 ? company_of(**at) : twice(*(*at)->place, plain((*at)->name.value_or("")));
        companies.push_back(std::make_shared<const sync::LocalCompany>(std::move(company)));
        at = end;
    }
    return companies;
}

std::optional<std::string> parameter(sync::Choice choice) {
    if (!choice) return std::nullopt;
    return *choice ? "1" : "0";
}

}  // namespace samsynk::installations
