#include "store/records.hpp"

#include <bit>

namespace samsynk::store {
namespace {

sync::CollaborationState state_at(Row& row, int column) {
    return sync::collaboration_state(view_at(row, column)).value_or(sync::CollaborationState::none);
}

sync::OnlineView online_view_at(Row& row) {
    sync::OnlineView view{.version = number_at(row, 1), .gone = flag_at(row, 2)};
    view.preferences = preferences_at(row, 4);
    if (view.gone) return view;
    if (const Reason problem = reason_at(row, 7)) {
        view.problem = std::make_shared<const Error>(*problem);
        return view;
    }
    view.notice = std::bit_cast<std::uint64_t>(number_at(row, 3));
    view.state = state_at(row, 6);
    return view;
}

sync::Collaboration collaboration_at(Row& row) {
    return {
        .id = text_at(row, 13),
        .state = state_at(row, 3),
        .awaiting = sync::awaiting(view_at(row, 14)).value_or(sync::Awaiting::nothing),
        .office_company = text_at(row, 15),
        .office_name = text_at(row, 16),
        .assignment_id = text_at(row, 17),
        .assignment_name = text_at(row, 18),
        .invoice_recipient = sync::party(view_at(row, 19)).value_or(sync::Party::not_stated),
        .payee = sync::party(view_at(row, 20)).value_or(sync::Party::not_stated),
        .invited_at = text_at(row, 21),
        .approved_at = text_at(row, 22),
        .ends_on = text_at(row, 23),
        .ended_at = text_at(row, 24),
    };
}

sync::Record record_at(Row& row, const OrgNumber& company) {
    return {
        .company = company,
        .version = number_at(row, 0),
        .updated_at = text_at(row, 9),
        .name = text_at(row, 8),
        .function_active = flag_at(row, 10),
        .collaboration = collaboration_at(row),
        .preferences = preferences_at(row, 1),
        .receiving = sync::receiving(view_at(row, 11)).value_or(sync::Receiving::none),
        .registration_operator = text_at(row, 12),
        .problem = reason_at(row, 4),
    };
}

}  // namespace

void put_record(Statements& state, const sync::Record& record) {
    // The other columns keep what the company last was.
    if (record.gone)
        return state.run(
            "INSERT INTO records (company, version, gone) VALUES (?, ?, 1) ON CONFLICT (company) DO UPDATE SET "
            "version = excluded.version, gone = 1 WHERE records.version <= excluded.version",
            record.company, record.version);
    const sync::Collaboration& c = record.collaboration;
    state.run(
        "INSERT INTO records (company, version, gone, send, receive, state, fingerprint, problem, problem_message, "
        "problem_args, problem_detail, name, updated_at, function_active, receiving, registration_operator, "
        "collaboration, awaiting, office_company, office_name, assignment, assignment_name, invoice_recipient, payee, "
        "invited_at, approved_at, ends_on, ended_at) "
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
        "WHERE records.version <= excluded.version",
        record.company, record.version, record.preferences, c.state,
        std::bit_cast<std::int64_t>(sync::view_of(record).notice), record.problem, record.name, record.updated_at,
        record.function_active, record.receiving, record.registration_operator, c.id, c.awaiting, c.office_company,
        c.office_name, c.assignment_id, c.assignment_name, c.invoice_recipient, c.payee, c.invited_at, c.approved_at,
        c.ends_on, c.ended_at);
}

void mark_missing(Statements& state, const OrgNumber& company) {
    state.run("UPDATE records SET gone = 1 WHERE company = ?", company);
}

// As in sync::of_another_epoch.
void reset_versions(Statements& state) { state.run("UPDATE records SET version = -1"); }

std::unordered_map<OrgNumber, sync::OnlineView> load_views(Statements& state) {
    std::unordered_map<OrgNumber, sync::OnlineView> views;
    state.each(
        "SELECT company, version, gone, fingerprint, send, receive, state, problem, problem_message, problem_args, "
        "problem_detail FROM records",
        [&](Row& row) { views.emplace(company_at(row, 0), online_view_at(row)); });
    return views;
}

std::optional<sync::Record> find_record(Statements& state, const OrgNumber& company) {
    std::optional<sync::Record> record;
    state.each(
        "SELECT version, send, receive, state, problem, problem_message, problem_args, problem_detail, name, "
        "updated_at, function_active, receiving, registration_operator, collaboration, awaiting, office_company, "
        "office_name, assignment, assignment_name, invoice_recipient, payee, invited_at, approved_at, ends_on, "
        "ended_at FROM records WHERE company = ? AND gone = 0",
        [&](Row& row) { record = record_at(row, company); }, company);
    return record;
}

}  // namespace samsynk::store
