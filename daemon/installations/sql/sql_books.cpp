#include "installations/sql/sql_books.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace samsynk::installations {
namespace {

constexpr std::size_t most_companies = 200'000;

Error offline(const Error& why) {
    return why.code == Errc::installation_offline
               ? why
               : fail(Errc::installation_offline, why.message.id, why.message.args, why.detail);
}

Error changed_meanwhile(const std::string& place) {
    return fail(Errc::changed_meanwhile,
                N_("{place} was changed in the database by someone else at the same moment. Their choice stands."),
                {{"place", place}});
}

Error may_be_done(const std::string& where) {
    return fail(
        Errc::write_failed,
        N_("{where}: the connection was lost while it was written. Whether it was done is looked at by the next "
           "run."),
        {{"where", where}});
}

Error was_replaced(const std::string& where) {
    return fail(
        Errc::installation_offline,
        N_("The database {where} was replaced by another file at this moment. It is read anew by the next run."),
        {{"where", where}});
}

sync::LocalCompanyPtr find(const std::vector<sync::LocalCompanyPtr>& companies, const std::string& place) {
    const auto at = std::lower_bound(companies.begin(), companies.end(), place,
                                     [](const auto& one, const auto& wanted) { return one->place < wanted; });
    return at != companies.end() && (*at)->place == place ? *at : nullptr;
}

}  // namespace

Error SqlBooks::failed(const std::exception& problem, const std::string& what) {
    Error error = trouble_of(problem, address_, what);
    lost_ = lost_ || error.code == Errc::installation_offline;
    return error;
}

Reason SqlBooks::in_use() {
    if (!mapping_.busy) return {};
    const Error in_use = fail(Errc::busy,
                              N_("{where} is open in the accounting program, which has it for itself. It is "
                                 "tried again when it has been closed there."),
                              {{"where", where()}});
    try {
        std::error_code code;
        if (address_.type == DatabaseType::sqlite && !std::filesystem::exists(address_.path, code)) return {};
        Session apart;
        soci::session* session = nullptr;
        if (address_.type == DatabaseType::sqlite) {
            auto opened = connect_without_locks(address_);
            if (opened.has_error()) return opened.error();
            apart = std::move(*opened);
            session = apart.get();
        } else {
            const auto opened = connected();
            if (opened.has_error()) return opened.error();
            session = *opened;
        }
        std::string row;
        *session << mapping_.busy->sql, soci::into(row);
        return session->got_data() ? Reason{in_use} : Reason{};
    } catch (const std::exception&) {
        return in_use;  // in the middle of a change
    }
}

Result<std::vector<sync::LocalCompanyPtr>> SqlBooks::found_before(const Error& why) const {
    if (found_.empty()) return offline(why);
    std::vector<sync::LocalCompanyPtr> companies;
    for (const auto& known : found_) {
        auto company = std::make_shared<sync::LocalCompany>(*known);
        company->trouble = why;
        companies.push_back(std::move(company));
    }
    return companies;
}

Result<void> SqlBooks::connect_anew() {
    session_.reset();
    lost_ = false;
    const FileIdentity file = file_identity(address_);
    auto session = connect(address_);
    if (session.has_error()) return session.error();
    if (file != file_identity(address_)) return was_replaced(where());
    file_ = file;
    session_ = std::move(*session);
    return {};
}

bool SqlBooks::still_leads_there() try {
    if (file_identity(address_) != file_) return false;
    // A driver knows only what came of its last statement, and prepares without asking the database.
    return address_.type != DatabaseType::odbc && session_->is_connected();
} catch (const std::exception&) {
    return false;
}

Result<soci::session*> SqlBooks::connected() {
    if (session_ && !lost_ && (transacting_ || still_leads_there())) return session_.get();
    if (auto reached = connect_anew(); reached.has_error()) return reached.error();
    if (auto fits = check(); fits.has_error()) {
        lost_ = true;
        return offline(fits.error());
    }
    return session_.get();
}

Result<void> SqlBooks::check() {
    if (auto fits = check_one(mapping_.companies, "companies"); fits.has_error()) return fits;
    for (const auto preference : sync::all_preferences)
        for (const SqlText& text : mapping_.writing(preference))
            if (auto fits = check_one(text, "write_" + std::string{name_of(preference)}); fits.has_error()) return fits;
    for (const SqlText& text : mapping_.write_collaboration)
        if (auto fits = check_one(text, "write_collaboration"); fits.has_error()) return fits;
    if (mapping_.mark)
        if (auto fits = check_one(*mapping_.mark, "marker"); fits.has_error()) return fits;
    for (const SqlText& text : mapping_.leave_mark)
        if (auto fits = check_one(text, "write_marker"); fits.has_error()) return fits;
    return {};
}

// For MariaDB SOCI prepares nothing at the server, so that is asked for by hand.
Result<void> SqlBooks::check_one(const SqlText& text, const std::string& what) try {
    if (address_.type != DatabaseType::mariadb) {
        const Prepared prepared{*session_, text};
        return {};
    }
    std::string quoted;
    for (std::size_t at = 0; at < text.sql.size(); ++at) {
        const auto parameter = std::find_if(text.parameters.begin(), text.parameters.end(), [&](const auto& name) {
            const std::size_t end = at + 1 + name.size();
            return text.sql[at] == ':' && text.sql.compare(at + 1, name.size(), name) == 0 &&
                   (end >= text.sql.size() ||
                    (std::isalnum(static_cast<unsigned char>(text.sql[end])) == 0 && text.sql[end] != '_'));
        });
        if (parameter != text.parameters.end()) {
            quoted += '?';
            at += parameter->size();
        } else {
            quoted += text.sql[at] == '\'' ? "''" : std::string{text.sql[at]};
        }
    }
    *session_ << "PREPARE samsynk_check FROM '" + quoted + "'";
    *session_ << "DEALLOCATE PREPARE samsynk_check";
    return {};
} catch (const std::exception& problem) {
    return trouble_of(problem, address_, what);
}

Result<std::vector<CompanyRow>> SqlBooks::rows(const std::optional<std::string>& place) try {
    const auto session = connected();
    if (session.has_error()) return session.error();
    std::string sql = "SELECT ";
    for (const char* column : company_columns)
        sql += std::string{column} + (column == company_columns.back() ? "" : ", ");
    sql += " FROM (" + mapping_.companies.sql + "\n) samsynk_companies";
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
    return failed(problem, "companies");
}

Result<std::vector<sync::LocalCompanyPtr>> SqlBooks::scan() {
    if (const Reason why = in_use()) return found_before(*why);
    const auto found = rows(std::nullopt);
    if (found.has_error()) return offline(found.error());
    auto companies = companies_of(*found, where());
    if (companies.has_error()) return offline(companies.error());
    // An empty table is no sign that all companies were given up.
    if (companies->empty())
        return fail(Errc::installation_offline,
                    N_("The database {where} holds no companies. Nothing is changed until it does."),
                    {{"where", where()}});
    if (mapping_.busy) found_ = *companies;
    return companies;
}

Result<sync::LocalCompanyPtr> SqlBooks::read(const std::string& place) {
    if (const Reason why = in_use()) return *why;
    const auto found = rows(place);
    if (found.has_error()) return found.error();
    const auto companies = companies_of(*found, where());
    if (companies.has_error()) return companies.error();
    if (auto company = find(*companies, place)) return company;
    return fail(Errc::not_found, N_("There is no company {place} in the database {where}."),
                {{"place", place}, {"where", where()}});
}

Result<std::string> SqlBooks::mark() try {
    if (!mapping_.mark) return std::string{};
    if (in_use()) return mark_;
    const auto session = connected();
    if (session.has_error()) return session.error();
    std::string mark;
    soci::indicator is = soci::i_null;
    **session << mapping_.mark->sql, soci::into(mark, is);
    mark_ = (*session)->got_data() && is == soci::i_ok ? mark : std::string{};
    return mark_;
} catch (const std::exception& problem) {
    return offline(failed(problem, "marker"));
}

Result<void> SqlBooks::leave_mark(const std::string& mark) {
    const std::vector<std::string> only{mark};
    PreparedAttempts prepared;
    return in_transaction(only, true,
                          [&](const std::string& one) {
                              return attempt(mapping_.leave_mark, prepared, {{"marker", one}}, "write_marker");
                          })
        .front();
}

Result<void> SqlBooks::attempt(const Attempts& attempts, PreparedAttempts& prepared, const Values& values,
                               const std::string& what) {
    if (attempts.empty())
        return fail(Errc::write_failed,
                    N_("{where}: the mapping has no {what}. Make the choice in the program itself."),
                    {{"where", where()}, {"what", what}});
    for (const SqlText& text : attempts)
        if (prepared.size() < attempts.size()) prepared.push_back(std::make_unique<Prepared>(*session_, text));
    for (const auto& statement : prepared) {
        const long long changed = statement->execute(values);
        if (changed == 1) return {};
        if (changed > 1)
            return fail(
                Errc::bad_file,
                N_("{where}: {what} would change {count} rows and must change one. Nothing was changed: correct "
                   "the mapping."),
                {{"where", where()}, {"what", what}, {"count", std::to_string(changed)}});
    }
    return changed_meanwhile(values.contains("place") ? values.at("place").value_or("") : what);
}

template <class Work>
Result<void> SqlBooks::in_savepoint(const std::string& what, Work work) {
    try {
        *session_ << "SAVEPOINT samsynk";
        Result<void> done = work();
        if (done.has_error()) *session_ << "ROLLBACK TO SAVEPOINT samsynk";
        return done;
    } catch (const std::exception& problem) {
        Error error = failed(problem, what);
        if (lost_) return error;
        try {
            *session_ << "ROLLBACK TO SAVEPOINT samsynk";
        } catch (const std::exception&) {
            lost_ = true;  // the transaction is no more
        }
        return error;
    }
}

template <class Item, class Work>
std::vector<Result<void>> SqlBooks::in_transaction(const std::vector<Item>& items, bool keep, Work work) {
    std::vector<Result<void>> results(items.size());
    const auto fail_from = [&](std::size_t from, const Error& why) {
        for (std::size_t i = from; i < results.size(); ++i)
            if (results[i].has_value()) results[i] = why;
    };
    if (const Reason why = in_use()) {
        fail_from(0, *why);
        return results;
    }
    const auto session = connected();
    if (session.has_error()) {
        fail_from(0, fail(Errc::write_failed, session.error().message.id, session.error().message.args));
        return results;
    }
    transacting_ = true;
    const auto ended = std::unique_ptr<bool, void (*)(bool*)>{&transacting_, [](bool* flag) { *flag = false; }};
    try {
        begin_writing(**session, address_.type);
        for (std::size_t i = 0; i < items.size(); ++i) {
            results[i] = work(items[i]);
            if (!lost_) continue;
            // What was done before in the same transaction went with it.
            fail_from(0, may_be_done(where()));
            return results;
        }
        if (keep)
            session_->commit();
        else
            session_->rollback();
        // Written into what nobody reads any more.
        if (file_identity(address_) != file_) fail_from(0, may_be_done(where()));
    } catch (const std::exception& problem) {
        const Error why = failed(problem, "the transaction");
        lost_ = true;  // whatever became of it, the next one begins anew
        fail_from(0, why.code == Errc::installation_offline ? may_be_done(where()) : why);
    }
    return results;
}

Result<void> SqlBooks::write_one(const agent::PreferenceWrite& write, const std::vector<sync::LocalCompanyPtr>& now,
                                 std::array<PreparedAttempts, 2>& prepared) {
    const auto company = find(now, write.place);
    if (!company)
        return fail(Errc::not_found, N_("There is no company {place} in the database {where}."),
                    {{"place", write.place}, {"where", where()}});
    if (company->trouble) return *company->trouble;
    if (company->company != write.company || company->preferences[write.preference] != write.from)
        return changed_meanwhile(write.place);
    const Values values{{"place", write.place},
                        {"company", write.company.digits()},
                        {"from", parameter(write.from)},
                        {"to", parameter(write.to)}};
    const std::string what = "write_" + std::string{name_of(write.preference)};
    return in_savepoint(what, [&] {
        return attempt(mapping_.writing(write.preference), prepared.at(static_cast<std::size_t>(write.preference)),
                       values, what);
    });
}

std::vector<Result<void>> SqlBooks::try_preferences(const std::vector<agent::PreferenceWrite>& writes, bool keep) {
    std::array<PreparedAttempts, 2> prepared;
    std::optional<Result<std::vector<sync::LocalCompanyPtr>>> now;
    return in_transaction(writes, keep, [&](const agent::PreferenceWrite& write) -> Result<void> {
        if (!now) now = scan();
        if (now->has_error()) return now->error();
        return write_one(write, **now, prepared);
    });
}

std::vector<Result<void>> SqlBooks::write_preferences(const std::vector<agent::PreferenceWrite>& writes) {
    return try_preferences(writes, true);
}

std::vector<Result<void>> SqlBooks::try_notices(const std::vector<agent::NoticeWrite>& writes, bool keep) {
    PreparedAttempts prepared;
    return in_transaction(writes, keep, [&](const agent::NoticeWrite& write) {
        return in_savepoint("write_collaboration", [&]() -> Result<void> {
            auto done = attempt(mapping_.write_collaboration, prepared, values_of(write), "write_collaboration");
            // MariaDB counts only rows that are another than before.
            if (done.has_error() && done.error().code == Errc::changed_meanwhile) {
                const auto now = read(write.place);
                if (now.has_value() && (*now)->notice == sync::fingerprint(write.notice)) return {};
            }
            return done;
        });
    });
}

std::vector<Result<void>> SqlBooks::write_notices(const std::vector<agent::NoticeWrite>& writes) {
    return try_notices(writes, true);
}

Values values_of(const agent::NoticeWrite& write) {
    const sync::Notice& notice = write.notice;
    const sync::Collaboration& collaboration = notice.collaboration;
    const auto text = [](std::string_view value) {
        return value.empty() ? std::nullopt : std::optional<std::string>{value};
    };
    return {{"place", write.place},
            {"company", notice.company.digits()},
            {"name", text(notice.name)},
            {"function_active", parameter(notice.function_active)},
            {"state", std::string{name_of(collaboration.state)}},
            {"awaiting", text(name_of(collaboration.awaiting))},
            {"office_company", text(collaboration.office_company)},
            {"office_name", text(collaboration.office_name)},
            {"assignment", text(collaboration.assignment_name)},
            {"invoice_recipient", text(name_of(collaboration.invoice_recipient))},
            {"payee", text(name_of(collaboration.payee))},
            {"invited_at", text(collaboration.invited_at)},
            {"approved_at", text(collaboration.approved_at)},
            {"ends_on", text(collaboration.ends_on)},
            {"ended_at", text(collaboration.ended_at)},
            {"registration", std::string{name_of(notice.receiving)}},
            {"registration_operator", text(notice.registration_operator)},
            {"sending_in_effect", parameter(notice.sending_in_effect)},
            {"receiving_in_effect", parameter(notice.receiving_in_effect)},
            {"collaboration_revision", fmt::format("{:016x}", sync::fingerprint(notice))}};
}

}  // namespace samsynk::installations
