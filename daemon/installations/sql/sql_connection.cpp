#include "installations/sql/sql_connection.hpp"

#include <algorithm>
#include <cctype>

namespace samsynk::installations {

Error as_offline(Error why) {
    why.code = Errc::installation_offline;
    return why;
}

Error changed_in_database(const std::string& place) {
    return fail(Errc::changed_meanwhile,
                N_("{place} was changed in the database by someone else at the same moment. Their choice stands."),
                {{"place", place}});
}

Error SqlConnection::may_be_done() const {
    return fail(
        Errc::write_failed,
        N_("{where}: the connection was lost while it was written. Whether it was done is looked at by the next "
           "run."),
        {{"where", where()}});
}

Error SqlConnection::failed(const std::exception& problem, const std::string& what) {
    Error error = trouble_of(problem, address_, what);
    lost_ = lost_ || error.code == Errc::installation_offline;
    return error;
}

Reason SqlConnection::in_use() {
    if (!mapping_.busy) return {};
    const Error in_use = fail(Errc::busy,
                              N_("{where} is open in the accounting program, which has it for itself. It is "
                                 "tried again when it has been closed there."),
                              {{"where", where()}});
    try {
        std::error_code code;
        if (address_.type == DatabaseType::sqlite && !std::filesystem::exists(address_.path, code)) return {};
        Session apart;
        if (address_.type == DatabaseType::sqlite) {
            auto opened = connect_without_locks(address_);
            if (opened.has_error()) return opened.error();
            apart = std::move(*opened);
        }
        const auto used = apart ? Result<soci::session*>{apart.get()} : session();
        if (used.has_error()) return used.error();
        std::string row;
        **used << mapping_.busy->sql, soci::into(row);
        return (*used)->got_data() ? Reason{in_use} : Reason{};
    } catch (const std::exception&) {
        return in_use;  // in the middle of a change
    }
}

Result<void> SqlConnection::connect_anew() {
    session_.reset();
    lost_ = false;
    const FileIdentity file = file_identity(address_);
    auto opened = connect(address_);
    if (opened.has_error()) return opened.error();
    if (file != file_identity(address_))
        return fail(Errc::installation_offline,
                    N_("The database {where} was replaced by another file at this moment. It is read anew by the next "
                       "run."),
                    {{"where", where()}});
    file_ = file;
    session_ = std::move(*opened);
    return {};
}

bool SqlConnection::still_leads_there() try {
    if (file_identity(address_) != file_) return false;
    // A driver knows only what came of its last statement, and prepares without asking the database.
    return address_.type != DatabaseType::odbc && session_->is_connected();
} catch (const std::exception&) {
    return false;
}

Result<soci::session*> SqlConnection::session() {
    if (session_ && !lost_ && (transacting_ || still_leads_there())) return session_.get();
    if (auto reached = connect_anew(); reached.has_error()) return reached.error();
    if (auto fits = check(); fits.has_error()) {
        lost_ = true;
        return as_offline(fits.error());
    }
    return session_.get();
}

Result<void> SqlConnection::check() {
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
Result<void> SqlConnection::check_one(const SqlText& text, const std::string& what) try {
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

Result<void> SqlConnection::attempt(const Attempts& attempts, PreparedAttempts& prepared, const Values& values,
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
    return changed_in_database(values.contains("place") ? values.at("place").value_or("") : what);
}

Result<void> SqlConnection::in_savepoint(const std::string& what, const std::function<Result<void>()>& work) {
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

std::vector<Result<void>> SqlConnection::in_transaction(std::size_t count, bool keep,
                                                        const std::function<Result<void>(std::size_t)>& work) {
    std::vector<Result<void>> results(count);
    const auto fail_from = [&](std::size_t from, const Error& why) {
        for (std::size_t i = from; i < results.size(); ++i)
            if (results[i].has_value()) results[i] = why;
    };
    if (const Reason why = in_use()) {
        fail_from(0, *why);
        return results;
    }
    const auto opened = session();
    if (opened.has_error()) {
        fail_from(0, fail(Errc::write_failed, opened.error().message.id, opened.error().message.args));
        return results;
    }
    transacting_ = true;
    const auto ended = std::unique_ptr<bool, void (*)(bool*)>{&transacting_, [](bool* flag) { *flag = false; }};
    try {
        begin_writing(**opened, address_.type);
        for (std::size_t i = 0; i < count; ++i) {
            results[i] = work(i);
            if (!lost_) continue;
            // What was done before in the same transaction went with it.
            fail_from(0, may_be_done());
            return results;
        }
        if (keep)
            session_->commit();
        else
            session_->rollback();
        // Written into what nobody reads any more.
        if (file_identity(address_) != file_) fail_from(0, may_be_done());
    } catch (const std::exception& problem) {
        const Error why = failed(problem, "the transaction");
        lost_ = true;  // whatever became of it, the next one begins anew
        fail_from(0, why.code == Errc::installation_offline ? may_be_done() : why);
    }
    return results;
}

}  // namespace samsynk::installations
