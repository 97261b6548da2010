#include "store/records.hpp"

#include <bit>

#include "store/problem_text.hpp"

namespace samsynk::store {
namespace {

constexpr const char* put_sql =
    "INSERT INTO records (company, version, gone, send, receive, state, fingerprint, problem, problem_message, "
    "problem_args, problem_detail, name, updated_at, function_active, receiving, registration_operator, collaboration, "
    "awaiting, office_company, office_name, assignment, assignment_name, invoice_recipient, payee, invited_at, "
    "approved_at, ends_on, ended_at) "
    "VALUES (?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
    "ON CONFLICT (company) DO UPDATE SET version = excluded.version, gone = 0, send = excluded.send, "
    "receive = excluded.receive, state = excluded.state, fingerprint = excluded.fingerprint, "
    "problem = excluded.problem, problem_message = excluded.problem_message, problem_args = excluded.problem_args, "
    "problem_detail = excluded.problem_detail, name = excluded.name, updated_at = excluded.updated_at, "
    "function_active = excluded.function_active, receiving = excluded.receiving, "
    "registration_operator = excluded.registration_operator, collaboration = excluded.collaboration, "
    "awaiting = excluded.awaiting, office_company = excluded.office_company, office_name = excluded.office_name, "
    "assignment = excluded.assignment, assignment_name = excluded.assignment_name, "
    "invoice_recipient = excluded.invoice_recipient, payee = excluded.payee, invited_at = excluded.invited_at, "
    "approved_at = excluded.approved_at, ends_on = excluded.ends_on, ended_at = excluded.ended_at "
    "WHERE records.version <= excluded.version";

// The other columns keep what the company last was.
constexpr const char* put_gone_sql =
    "INSERT INTO records (company, version, gone) VALUES (?, ?, 1) ON CONFLICT (company) DO UPDATE SET "
    "version = excluded.version, gone = 1 WHERE records.version <= excluded.version";

constexpr const char* views_sql =
    "SELECT company, version, gone, fingerprint, send, receive, state, problem, problem_message, problem_args, "
    "problem_detail FROM records";

constexpr const char* find_sql =
    "SELECT version, send, receive, state, problem, problem_message, problem_args, problem_detail, name, updated_at, "
    "function_active, receiving, registration_operator, collaboration, awaiting, office_company, office_name, "
    "assignment, assignment_name, invoice_recipient, payee, invited_at, approved_at, ends_on, ended_at "
    "FROM records WHERE company = ? AND gone = 0";

sync::CollaborationState state_at(Row& row, int column) {
    return sync::collaboration_state(view_at(row, column)).value_or(sync::CollaborationState::none);
}

Reason problem_at(Row& row, int at) {
    const std::string code = text_at(row, at);
    if (code.empty()) return std::nullopt;
    return Error{code_named(code), {text_at(row, at + 1), args_from_text(text_at(row, at + 2))}, text_at(row, at + 3)};
}

sync::OnlineView online_at(Row& row) {
    sync::OnlineView view{.version = number_at(row, 1), .gone = flag_at(row, 2)};
    view.preferences = {choice_at(row, 4), choice_at(row, 5)};
    if (view.gone) return view;
    if (auto problem = problem_at(row, 7)) {
        view.problem = std::make_shared<const Error>(std::move(*problem));
        return view;
    }
    view.notice = std::bit_cast<std::uint64_t>(number_at(row, 3));
    view.state = state_at(row, 6);
    return view;
}

sync::Collaboration collaboration_at(Row& row) {
    return sync::Collaboration{
        .id = text_at(row, 13),
        .state = state_at(row, 3),
        .awaiting = sync::awaiting(text_at(row, 14)).value_or(sync::Awaiting::nothing),
        .office_company = text_at(row, 15),
        .office_name = text_at(row, 16),
        .assignment_id = text_at(row, 17),
        .assignment_name = text_at(row, 18),
        .invoice_recipient = sync::party(text_at(row, 19)).value_or(sync::Party::not_stated),
        .payee = sync::party(text_at(row, 20)).value_or(sync::Party::not_stated),
        .invited_at = text_at(row, 21),
        .approved_at = text_at(row, 22),
        .ends_on = text_at(row, 23),
        .ended_at = text_at(row, 24),
    };
}

sync::Record record_at(Row& row, const OrgNumber& company) {
    return sync::Record{
        .company = company,
        .version = number_at(row, 0),
        .updated_at = text_at(row, 9),
        .name = text_at(row, 8),
        .function_active = flag_at(row, 10),
        .collaboration = collaboration_at(row),
        .preferences = {choice_at(row, 1), choice_at(row, 2)},
        .receiving = sync::receiving(text_at(row, 11)).value_or(sync::Receiving::none),
        .registration_operator = text_at(row, 12),
        .problem = problem_at(row, 4),
    };
}

}  // namespace

Records::Records(SQLite::Database& database)
    : put_{database, put_sql},
      put_gone_{database, put_gone_sql},
      mark_missing_{database, "UPDATE records SET gone = 1 WHERE company = ?"},
      reset_{database, "UPDATE records SET version = -1"},
      views_{database, views_sql},
      find_{database, find_sql} {}

void Records::put(const sync::Record& record) {
    if (record.gone) return put_gone_.run(record.company, record.version);
    const sync::Collaboration& c = record.collaboration;
    const Error problem = record.problem.value_or(Error{});
    const std::string code{record.problem ? name_of(problem.code) : std::string_view{}};
    put_.run(record.company, record.version, record.preferences.send_all_invoices, record.preferences.receive_invoices,
             name_of(c.state), std::bit_cast<std::int64_t>(sync::view_of(record).notice), code, problem.message.id,
             args_to_text(problem.message.args), problem.detail, record.name, record.updated_at, record.function_active,
             name_of(record.receiving), record.registration_operator, c.id, name_of(c.awaiting), c.office_company,
             c.office_name, c.assignment_id, c.assignment_name, name_of(c.invoice_recipient), name_of(c.payee),
             c.invited_at, c.approved_at, c.ends_on, c.ended_at);
}

void Records::mark_missing(const OrgNumber& company) { mark_missing_.run(company); }
void Records::reset_versions() { reset_.run(); }

std::unordered_map<OrgNumber, sync::OnlineView> Records::views() {
    std::unordered_map<OrgNumber, sync::OnlineView> views;
    views_.each([&](Row& row) { views.emplace(company_at(row, 0), online_at(row)); });
    return views;
}

std::optional<sync::Record> Records::find(const OrgNumber& company) {
    std::optional<sync::Record> record;
    find_.each([&](Row& row) { record = record_at(row, company); }, company);
    return record;
}

}  // namespace samsynk::store
