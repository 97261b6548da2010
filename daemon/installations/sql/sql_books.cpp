#include "installations/sql/sql_books.hpp"

#include <algorithm>

namespace samsynk::installations {
namespace {

constexpr std::size_t most_companies = 200'000;

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

Error SqlBooks::no_such_company(const std::string& place) const {
    return fail(Errc::not_found, N_("There is no company {place} in the database {where}."),
                {{"place", place}, {"where", where()}});
}

Result<Companies> SqlBooks::found_before(const Error& why) const {
    if (found_.empty()) return as_offline(why);
    Companies companies;
    for (const auto& known : found_) {
        auto company = std::make_shared<sync::LocalCompany>(*known);
        company->trouble = why;
        companies.push_back(std::move(company));
    }
    return companies;
}

Result<std::vector<CompanyRow>> SqlBooks::rows(const std::optional<std::string>& place) try {
    const auto session = connection_.session();
    if (session.has_error()) return session.error();
    std::string sql = "SELECT ";
    for (const char* column : company_columns)
        sql += std::string{column} + (column == company_columns.back() ? "" : ", ");
    sql += " FROM (" + mapping().companies.sql + "\n) samsynk_companies";
    std::array<std::string, company_columns.size()> texts;
    std::array<soci::indicator, company_columns.size()> is{};
    soci::statement statement{**session};
    for (std::size_t i = 0; i < texts.size(); ++i) statement.exchange(soci::into(texts.at(i), is.at(i)));
    if (place) {
        sql += " WHERE place = :wanted";
        statement.exchange(soci::use(*place, "wanted"));
    }
    statement.alloc();
    statement.prepare(sql);
    statement.define_and_bind();
    std::vector<CompanyRow> found;
    const auto text = [&](std::size_t i) {
        return is.at(i) == soci::i_null ? std::nullopt : std::optional{texts.at(i)};
    };
    for (bool more = statement.execute(true); more; more = statement.fetch()) {
        if (found.size() == most_companies)
            return fail(Errc::bad_file, N_("{where}: there are more than {count} companies. Correct the mapping."),
                        {{"where", where()}, {"count", std::to_string(most_companies)}});
        found.push_back({text(0), text(1), text(2), text(3), text(4), text(5)});
    }
    return found;
} catch (const std::exception& problem) {
    return connection_.failed(problem, "companies");
}

Result<Companies> SqlBooks::scan() {
    if (const Reason why = connection_.in_use()) return found_before(*why);
    const auto found = rows(std::nullopt);
    if (found.has_error()) return as_offline(found.error());
    auto companies = companies_of(*found, where());
    if (companies.has_error()) return as_offline(companies.error());
    // An empty table is no sign that all companies were given up.
    if (companies->empty())
        return fail(Errc::installation_offline,
                    N_("The database {where} holds no companies. Nothing is changed until it does."),
                    {{"where", where()}});
    if (mapping().busy) found_ = *companies;
    return companies;
}

Result<sync::LocalCompanyPtr> SqlBooks::read(const std::string& place) {
    if (const Reason why = connection_.in_use()) return *why;
    const auto found = rows(place);
    if (found.has_error()) return found.error();
    const auto companies = companies_of(*found, where());
    if (companies.has_error()) return companies.error();
    if (auto company = find_company(*companies, place)) return company;
    return no_such_company(place);
}

Result<std::string> SqlBooks::mark() try {
    if (!mapping().mark) return std::string{};
    if (connection_.in_use()) return mark_;
    const auto session = connection_.session();
    if (session.has_error()) return session.error();
    std::string mark;
    soci::indicator is = soci::i_null;
    **session << mapping().mark->sql, soci::into(mark, is);
    mark_ = (*session)->got_data() && is == soci::i_ok ? mark : std::string{};
    return mark_;
} catch (const std::exception& problem) {
    return as_offline(connection_.failed(problem, "marker"));
}

Result<void> SqlBooks::leave_mark(const std::string& mark) {
    SqlConnection::PreparedAttempts prepared;
    const auto write = [&](std::size_t) {
        return connection_.attempt(mapping().leave_mark, prepared, {{"marker", mark}}, "write_marker");
    };
    return connection_.in_transaction(1, true, write).front();
}

Result<void> SqlBooks::write_one(const agent::PreferenceWrite& write, const Companies& now,
                                 std::array<SqlConnection::PreparedAttempts, 2>& prepared) {
    const auto company = find_company(now, write.place);
    if (!company) return no_such_company(write.place);
    if (company->trouble) return *company->trouble;
    if (company->company != write.company || company->preferences[write.preference] != write.from)
        return changed_in_database(write.place);
    const Values values{{"place", write.place},
                        {"company", write.company.digits()},
                        {"from", parameter(write.from)},
                        {"to", parameter(write.to)}};
    const std::string what = "write_" + std::string{name_of(write.preference)};
    return connection_.in_savepoint(what, [&] {
        return connection_.attempt(mapping().writing(write.preference),
                                   prepared.at(static_cast<std::size_t>(write.preference)), values, what);
    });
}

WriteResults SqlBooks::try_preferences(const std::vector<agent::PreferenceWrite>& writes, bool keep) {
    std::array<SqlConnection::PreparedAttempts, 2> prepared;
    std::optional<Result<Companies>> now;
    return connection_.in_transaction(writes.size(), keep, [&](std::size_t i) -> Result<void> {
        if (!now) now = scan();
        if (now->has_error()) return now->error();
        return write_one(writes[i], **now, prepared);
    });
}

WriteResults SqlBooks::write_preferences(const std::vector<agent::PreferenceWrite>& writes) {
    return try_preferences(writes, true);
}

WriteResults SqlBooks::try_notices(const std::vector<agent::NoticeWrite>& writes, bool keep) {
    SqlConnection::PreparedAttempts prepared;
    return connection_.in_transaction(writes.size(), keep, [&](std::size_t i) {
        return connection_.in_savepoint("write_collaboration", [&]() -> Result<void> {
            const agent::NoticeWrite& write = writes[i];
            auto done =
                connection_.attempt(mapping().write_collaboration, prepared, values_of(write), "write_collaboration");
            // MariaDB counts only rows that are another than before.
            if (done.has_error() && done.error().code == Errc::changed_meanwhile) {
                const auto now = read(write.place);
                if (now.has_value() && (*now)->notice == sync::fingerprint(write.notice)) return {};
            }
            return done;
        });
    });
}

WriteResults SqlBooks::write_notices(const std::vector<agent::NoticeWrite>& writes) {
    return try_notices(writes, true);
}

std::vector<agent::Probe> SqlBooks::test() {
    const Message reached{N_("{path} can be reached."), {{"path", where()}}};
    const Message understood{N_("The statements of {file} fit the database."), {{"file", mapping().file.string()}}};
    if (const Reason why = connection_.in_use()) return {{reached, why}};
    if (const auto connected = connection_.connect_anew(); connected.has_error()) return {{reached, connected.error()}};
    std::vector<agent::Probe> probes{{reached, {}}};
    if (const auto fits = connection_.check(); fits.has_error()) {
        connection_.give_up();
        probes.push_back({understood, fits.error()});
        return probes;
    }
    probes.push_back({understood, {}});
    const auto companies = scan();
    if (companies.has_error()) {
        probes.push_back({{N_("The companies can be read."), {}}, companies.error()});
        return probes;
    }
    probes.push_back(companies_found(*companies));
    const auto company = first_usable(*companies);
    if (!company) return probes;
    probes.push_back(
        {{N_("Preferences can be written (tried with {place}, and taken back)."), {{"place", company->place}}},
         first_error(try_preferences(inverted_choices(*company), false))});
    const sync::Record record{.company = *company->company, .name = company->name};
    probes.push_back(
        {{N_("Collaborations can be written (tried with {place}, and taken back)."), {{"place", company->place}}},
         first_error(try_notices({{company->place, sync::notice_of(record)}}, false))});
    return probes;
}

Result<agent::Preparation> SqlBooks::prepare(bool apply) try {
    agent::Preparation preparation;
    if (mapping().prepare.empty()) return preparation;
    preparation.text = mapping().prepare;
    const DatabaseAddress& address = connection_.address();
    if (!mapping().grants.empty())
        preparation.text +=
            "\n-- What the user that Samsynk connects as needs, and nothing more:\n" +
            with_user(mapping().grants, quoted(address.user.empty() ? "samsynk" : address.user, address.type));
    if (!apply) return preparation;
    if (const Reason why = connection_.in_use()) return *why;
    connection_.give_up();  // what was prepared before may not fit afterwards
    auto session = connect(address);
    if (session.has_error()) return session.error();
    (*session)->begin();
    for (const std::string& statement : statements_of(mapping().prepare)) **session << statement;
    (*session)->commit();
    preparation.applied = true;
    return preparation;
} catch (const std::exception& problem) {
    const Error why = trouble_of(problem, connection_.address(), "prepare");
    return fail(why.code == Errc::installation_offline ? why.code : Errc::write_failed, why.message.id,
                why.message.args, why.detail);
}

}  // namespace samsynk::installations
