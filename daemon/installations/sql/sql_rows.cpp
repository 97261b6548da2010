#include "installations/sql/sql_rows.hpp"

#include <algorithm>

#include "core/plain_text.hpp"
#include "core/text.hpp"
#include "installations/companies.hpp"

namespace samsynk::installations {
namespace {

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
    if (row.told) company.notice = revision_in(*row.told);
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

Result<Companies> companies_of(const std::vector<CompanyRow>& rows, const std::string& where) {
    std::vector<const CompanyRow*> ordered;
    ordered.reserve(rows.size());
    for (const CompanyRow& row : rows) {
        if (!row.place || !can_be_place(*row.place))
            return fail(Errc::bad_file,
                        N_("{where}: a row of “companies” has no place that could name it. Correct the mapping."),
                        {{"where", where}});
        ordered.push_back(&row);
    }
    std::sort(ordered.begin(), ordered.end(), [](const auto* a, const auto* b) { return *a->place < *b->place; });
    Companies companies;
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

Values values_of(const agent::NoticeWrite& write) {
    Values values{{"place", write.place}, {"collaboration_revision", revision_text(sync::fingerprint(write.notice))}};
    for (const auto& [name, value] : notice_fields(write.notice)) {
        auto& into = values[std::string{name}];
        if (const auto* flag = std::get_if<bool>(&value))
            into = parameter(*flag);
        else if (const auto& text = std::get<std::string>(value); !text.empty())
            into = text;
    }
    return values;
}

}  // namespace samsynk::installations
