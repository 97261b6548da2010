// What is tried, and what is prepared, at a database before the first run.
#include <algorithm>

#include "installations/first_trouble.hpp"
#include "installations/sql/sql_books.hpp"

namespace samsynk::installations {
namespace {

const sync::LocalCompany* first_good(const std::vector<sync::LocalCompanyPtr>& companies) {
    for (const auto& company : companies)
        if (!company->trouble && !company->ignored) return company.get();
    return nullptr;
}

Reason first_error(const std::vector<Result<void>>& results) {
    for (const auto& result : results)
        if (result.has_error()) return result.error();
    return {};
}

// A choice that some company may really have made, the other way round.
std::vector<agent::PreferenceWrite> turned(const sync::LocalCompany& company) {
    std::vector<agent::PreferenceWrite> writes;
    for (const auto preference : sync::all_preferences) {
        const sync::Choice from = company.preferences[preference];
        writes.push_back({company.place, *company.company, preference, from, !from.value_or(false)});
    }
    return writes;
}

// In double quotes, as standard SQL has names.
std::string quoted(const std::string& user, DatabaseType type) {
    const char quote = type == DatabaseType::mariadb ? '`' : '"';
    std::string text{quote};
    for (const char c : user) text += c == quote ? std::string(2, quote) : std::string{c};
    return text + quote;
}

std::string with_user(std::string text, const std::string& user) {
    constexpr std::string_view mark = "{user}";
    for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + user.size()))
        text.replace(at, mark.size(), user);
    return text;
}

}  // namespace

std::vector<agent::Probe> SqlBooks::test() {
    const Message reached{N_("{path} can be reached."), {{"path", where()}}};
    const Message understood{N_("The statements of {file} fit the database."), {{"file", mapping_.file.string()}}};
    if (const Reason why = in_use()) return {{reached, why}};
    // As it is now, not as it was.
    if (const auto connected = connect_anew(); connected.has_error()) return {{reached, connected.error()}};
    std::vector<agent::Probe> probes{{reached, {}}};
    if (const auto fits = check(); fits.has_error()) {
        lost_ = true;
        probes.push_back({understood, fits.error()});
        return probes;
    }
    probes.push_back({understood, {}});
    const auto companies = scan();
    if (companies.has_error()) {
        probes.push_back({{N_("The companies can be read."), {}}, companies.error()});
        return probes;
    }
    probes.push_back(
        {{N_("{count} companies were found and can be read."), {{"count", std::to_string(companies->size())}}},
         first_trouble(*companies)});
    const sync::LocalCompany* company = first_good(*companies);
    if (!company) return probes;
    probes.push_back(
        {{N_("Preferences can be written (tried with {place}, and taken back)."), {{"place", company->place}}},
         first_error(try_preferences(turned(*company), false))});
    const sync::Record record{.company = *company->company, .name = company->name};
    probes.push_back(
        {{N_("Collaborations can be written (tried with {place}, and taken back)."), {{"place", company->place}}},
         first_error(try_notices({{company->place, sync::notice_of(record)}}, false))});
    return probes;
}

Result<agent::Preparation> SqlBooks::prepare(bool apply) try {
    agent::Preparation preparation;
    if (mapping_.prepare.empty()) return preparation;
    preparation.text = mapping_.prepare;
    if (!mapping_.grants.empty())
        preparation.text +=
            "\n-- What the user that Samsynk connects as needs, and nothing more:\n" +
            with_user(mapping_.grants, quoted(address_.user.empty() ? "samsynk" : address_.user, address_.type));
    if (!apply) return preparation;
    if (const Reason why = in_use()) return *why;
    lost_ = true;  // what was prepared before may not fit afterwards
    auto session = connect(address_);
    if (session.has_error()) return session.error();
    (*session)->begin();
    for (const std::string& statement : statements_of(mapping_.prepare)) **session << statement;
    (*session)->commit();
    preparation.applied = true;
    return preparation;
} catch (const std::exception& problem) {
    const Error why = trouble_of(problem, address_, "prepare");
    return fail(why.code == Errc::installation_offline ? why.code : Errc::write_failed, why.message.id,
                why.message.args, why.detail);
}

}  // namespace samsynk::installations
