#include "store/tables.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "store/history.hpp"
#include "store/records.hpp"

namespace samsynk::store {
namespace {

// meta: the epoch and the cursor (which life of the service's data is known, and how far its changes were read), and
// the newest hold.

std::string meta(Statements& state, const char* name) {
    std::string value;
    state.each(
        "SELECT value FROM meta WHERE name = ?", [&](Row& row) { value = text_at(row, 0); }, std::string_view{name});
    return value;
}

void put_meta(Statements& state, const char* name, const std::string& value) {
    state.run("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", std::string_view{name}, value);
}

// agreements: what both sides last agreed on, a row a place.

void put(Statements& state, const sync::AgreementUpdate& update) {
    const sync::Agreement& agreement = update.agreement;
    state.run(
        "INSERT OR REPLACE INTO agreements (installation, place, company, send, receive, follows) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        update.key, agreement.company, agreement.base, agreement.follows);
}

sync::Agreements load_agreements(Statements& state) {
    sync::Agreements agreements;
    state.each(
        "SELECT installation, place, company, send, receive, follows FROM agreements ORDER BY installation, place",
        [&](Row& row) {
            agreements.put(key_at(row, 0), {company_at(row, 2), preferences_at(row, 3), flag_at(row, 5)});
        });
    return agreements;
}

// claims: which companies each installation may act for, as the service last said, and when it was asked.

constexpr std::array<std::string_view, 4> status_names{"granted", "held", "unknown", "released"};

// A name of no known status is `unknown`: such a company is parked, never acted for.
sync::Claim claim_at(Row& row, int column) {
    const auto name = std::find(status_names.begin(), status_names.end(), view_at(row, column + 1));
    const auto status = name == status_names.end() ? sync::ClaimStatus::unknown
                                                   : static_cast<sync::ClaimStatus>(name - status_names.begin());
    return {company_at(row, column), status, text_at(row, column + 2), text_at(row, column + 3)};
}

// Replaces all of the installation's. Most often all but a few are as they were.
void put(Statements& state, const sync::ClaimsUpdate& update) {
    const std::string& installation = update.installation;
    state.run("INSERT OR REPLACE INTO claim_lists (installation, asked_at) VALUES (?, ?)", installation,
              update.asked_at);
    std::unordered_map<OrgNumber, sync::Claim> before;
    state.each(
        "SELECT company, status, holder, holder_host FROM claims WHERE installation = ?",
        [&](Row& row) { before.emplace(company_at(row, 0), claim_at(row, 0)); }, installation);
    for (const sync::Claim& claim : update.claims) {
        const auto was = before.find(claim.company);
        const bool same = was != before.end() && was->second == claim;
        if (was != before.end()) before.erase(was);
        if (!same)
            state.run(
                "INSERT OR REPLACE INTO claims (installation, company, status, holder, holder_host) "
                "VALUES (?, ?, ?, ?, ?)",
                installation, claim.company, status_names.at(static_cast<std::size_t>(claim.status)), claim.holder,
                claim.holder_host);
    }
    for (const auto& [company, claim] : before)
        state.run("DELETE FROM claims WHERE installation = ? AND company = ?", installation, company);
}

std::map<std::string, sync::ClaimsOf> load_claims(Statements& state) {
    std::map<std::string, sync::ClaimsOf> claims;
    state.each("SELECT installation, asked_at FROM claim_lists",
               [&](Row& row) { claims[text_at(row, 0)].asked_at = time_at(row, 1); });
    auto of = claims.end();  // rows of one installation stand together
    state.each("SELECT installation, company, status, holder, holder_host FROM claims", [&](Row& row) {
        const std::string_view installation = view_at(row, 0);
        if (of == claims.end() || of->first != installation) of = claims.try_emplace(std::string{installation}).first;
        of->second.put(claim_at(row, 1));
    });
    return claims;
}

// journal_operations: about to be sent, or sent without a clear answer; on disk before they leave.

void put(Statements& state, const sync::Operation& operation) {
    state.run(
        "INSERT INTO journal_operations (id, installation, company, if_version, send, receive, created_at, overwrites, "
        "run, was_send, was_receive, rule_send, rule_receive) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        operation.id, operation.installation, operation.company, operation.if_version, operation.set,
        operation.created_at, operation.overwrites, operation.told.run, operation.told.was, operation.told.rules[0],
        operation.told.rules[1]);
}

sync::Operation operation_at(Row& row) {
    return {.id = text_at(row, 0),
            .installation = text_at(row, 1),
            .company = company_at(row, 2),
            .if_version = number_at(row, 3),
            .set = preferences_at(row, 4),
            .created_at = time_at(row, 6),
            .overwrites = flag_at(row, 7),
            .told = {.run = text_at(row, 8),
                     .was = preferences_at(row, 9),
                     .rules = {known(sync::rule(view_at(row, 11))), known(sync::rule(view_at(row, 12)))}}};
}

// local_intents: replacements of local values that are about to be made, so that a crash does not turn them into a
// person's choice. One a place and preference: a newer one takes its place.

void put(Statements& state, const sync::LocalIntent& intent) {
    state.run(
        "INSERT INTO local_intents (installation, place, preference, company, from_value, to_value, overwrites, "
        "run, rule) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (installation, place, preference) DO UPDATE SET "
        "(company, from_value, to_value, overwrites, run, rule) = (excluded.company, excluded.from_value, "
        "excluded.to_value, excluded.overwrites, excluded.run, excluded.rule)",
        intent.key, intent.preference, intent.company, intent.from, intent.to, intent.overwrites, intent.run,
        intent.rule);
}

sync::LocalIntent intent_at(Row& row) {
    return {.key = key_at(row, 0),
            .company = company_at(row, 2),
            .preference = known(maybe_preference_at(row, 3)),
            .from = choice_at(row, 4),
            .to = flag_at(row, 5),
            .overwrites = flag_at(row, 6),
            .run = text_at(row, 7),
            .rule = known(sync::rule(view_at(row, 8)))};
}

std::vector<sync::LocalIntent> load_intents(Statements& state) {
    std::vector<sync::LocalIntent> intents;
    state.each(
        "SELECT installation, place, company, preference, from_value, to_value, overwrites, run, rule "
        "FROM local_intents ORDER BY sequence",
        [&](Row& row) { intents.push_back(intent_at(row)); });
    return intents;
}

// overwrites: whose present values were overwritten in the last 24 hours, a row a company and winning side.

void put(Statements& state, const sync::Overwrite& overwrite) {
    // Those of a clock that was ahead would else be looked back on for longer.
    state.run("UPDATE overwrites SET at = ? WHERE at > ?", overwrite.at, Time{overwrite.at + sync::overwrites_kept});
    state.run("INSERT OR REPLACE INTO overwrites (installation, won, company, at) VALUES (?, ?, ?, ?)",
              overwrite.installation, overwrite.won, overwrite.company, overwrite.at);
}

decltype(sync::Memory::overwrites) load_overwrites(Statements& state) {
    decltype(sync::Memory::overwrites) overwrites;
    state.each("SELECT installation, won, company, at FROM overwrites", [&](Row& row) {
        overwrites[{text_at(row, 0), known(sync::side(view_at(row, 1)))}].emplace(company_at(row, 2), time_at(row, 3));
    });
    return overwrites;
}

// doubts: online values that are not to be trusted, a row a company and preference.

void put(Statements& state, const sync::Doubt& doubt) {
    state.run("INSERT OR REPLACE INTO doubts (company, preference, online, kind) VALUES (?, ?, ?, ?)", doubt.company,
              doubt.preference, doubt.online, doubt.kind);
}

decltype(sync::Memory::doubts) load_doubts(Statements& state) {
    decltype(sync::Memory::doubts) doubts;
    state.each("SELECT company, preference, online, kind FROM doubts", [&](Row& row) {
        const sync::Doubt doubt{company_at(row, 0), known(maybe_preference_at(row, 1)), choice_at(row, 2),
                                known(sync::hold_kind(view_at(row, 3)))};
        doubts.emplace(std::pair{doubt.company, doubt.preference}, doubt);
    });
    return doubts;
}

// holds: what waits for a person, a row a hold, and in hold_rows a row for each value that it is about.

void replace_holds(Statements& state, const std::vector<sync::Hold>& holds) {
    state.run("DELETE FROM holds");
    state.run("DELETE FROM hold_rows");
    std::int64_t last = sync::number_of(meta(state, "last_hold"));
    for (const sync::Hold& hold : holds) {
        state.run("INSERT INTO holds (id, kind, installation, planned, since) VALUES (?, ?, ?, ?, ?)", hold.id,
                  hold.kind, hold.installation, hold.planned, hold.since);
        for (const sync::HoldRow& row : hold.rows)
            state.run(
                "INSERT INTO hold_rows (hold, place, company, preference, local, online) VALUES (?, ?, ?, ?, ?, ?)",
                hold.id, row.key.place, row.company, row.preference, row.local, row.online);
        last = std::max(last, sync::number_of(hold.id));
    }
    put_meta(state, "last_hold", "h-" + std::to_string(last));
}

// A row of a hold or an approval: what is asked about.
sync::HoldRow hold_row_at(Row& row, int column) {
    return {key_at(row, column), company_at(row, column + 2), maybe_preference_at(row, column + 3),
            choice_at(row, column + 4), choice_at(row, column + 5)};
}

std::vector<sync::Hold> load_holds(Statements& state) {
    std::vector<sync::Hold> holds;
    state.each("SELECT id, kind, installation, planned, since FROM holds ORDER BY sequence", [&](Row& row) {
        holds.push_back({.id = text_at(row, 0),
                         .kind = known(sync::hold_kind(view_at(row, 1))),
                         .installation = text_at(row, 2),
                         .planned = sync::side(view_at(row, 3)),
                         .since = time_at(row, 4),
                         .rows = {}});
    });
    for (sync::Hold& hold : holds)
        state.each(
            "SELECT ?, place, company, preference, local, online FROM hold_rows WHERE hold = ? ORDER BY sequence",
            [&](Row& row) { hold.rows.push_back(hold_row_at(row, 0)); }, hold.installation, hold.id);
    return holds;
}

// approvals: what people answered, a row an answered value; good once.

void put(Statements& state, const sync::Approval& approval) {
    const sync::HoldRow& row = approval.row;
    state.run(
        "INSERT OR REPLACE INTO approvals (installation, place, preference, company, kind, local, online, take) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        row.key, row.preference, row.company, approval.kind, row.local, row.online, approval.take);
}

decltype(sync::Memory::approvals) load_approvals(Statements& state) {
    decltype(sync::Memory::approvals) approvals;
    state.each("SELECT installation, place, company, preference, local, online, kind, take FROM approvals",
               [&](Row& row) {
                   const sync::Approval approval{known(sync::hold_kind(view_at(row, 6))), hold_row_at(row, 0),
                                                 known(sync::side(view_at(row, 7)))};
                   approvals.emplace(std::pair{approval.row.key, approval.row.preference}, approval);
               });
    return approvals;
}

// marks: what was left at each installation's root, a row an installation.

void put(Statements& state, const sync::InstallationMark& mark) {
    state.run("INSERT OR REPLACE INTO marks (installation, mark) VALUES (?, ?)", mark.installation, mark.mark);
}

std::map<std::string, std::string> load_marks(Statements& state) {
    std::map<std::string, std::string> marks;
    state.each("SELECT installation, mark FROM marks",
               [&](Row& row) { marks.emplace(text_at(row, 0), text_at(row, 1)); });
    return marks;
}

// parked: companies that failed, why, and when they are tried again; a row a place.

void put(Statements& state, const sync::Parking& parking) {
    state.run(
        "INSERT OR REPLACE INTO parked (installation, place, code, message, args, detail, failures, since, next_try, "
        "last_success, version, send, receive) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        parking.key, Reason{parking.reason}, std::int64_t{parking.failures}, parking.since, parking.next_try,
        parking.last_success, parking.version, parking.local);
}

sync::Parking parking_at(Row& row) {
    return {.key = key_at(row, 0),
            .reason = reason_at(row, 2).value_or(Error{}),
            .failures = static_cast<unsigned>(number_at(row, 6)),
            .since = time_at(row, 7),
            .next_try = time_at(row, 8),
            .last_success = maybe_time_at(row, 9),
            .version = number_at(row, 10),
            .local = preferences_at(row, 11)};
}

std::map<sync::PlaceKey, sync::Parking> load_parked(Statements& state) {
    std::map<sync::PlaceKey, sync::Parking> parked;
    state.each(
        "SELECT installation, place, code, message, args, detail, failures, since, next_try, last_success, version, "
        "send, receive FROM parked",
        [&](Row& row) { parked.emplace(key_at(row, 0), parking_at(row)); });
    return parked;
}

void begin_epoch(Statements& state, const std::string& epoch) {
    put_meta(state, "epoch", epoch);
    put_meta(state, "cursor", {});
    reset_versions(state);
    state.run("DELETE FROM journal_operations");
    state.run("DELETE FROM claim_lists");
    state.run("DELETE FROM claims WHERE status <> 'released'");  // that one a person said
}

template <class Value>
void put_all(Statements& state, const std::vector<Value>& values) {
    for (const Value& value : values) put(state, value);
}

void write_questions(Statements& state, const sync::Commit& commit) {
    put_all(state, commit.overwrites);
    put_all(state, commit.doubts);
    for (const auto& [company, preference] : commit.doubts_settled)
        state.run("DELETE FROM doubts WHERE company = ? AND preference = ?", company, preference);
    if (commit.holds) replace_holds(state, *commit.holds);
    put_all(state, commit.approvals);
    for (const auto& [key, preference] : commit.approvals_done)
        state.run("DELETE FROM approvals WHERE installation = ? AND place = ? AND preference = ?", key, preference);
}

}  // namespace

std::vector<sync::Operation> load_operations(Statements& state) {
    std::vector<sync::Operation> operations;
    state.each(
        "SELECT id, installation, company, if_version, send, receive, created_at, overwrites, run, was_send, "
        "was_receive, rule_send, rule_receive FROM journal_operations ORDER BY sequence",
        [&](Row& row) { operations.push_back(operation_at(row)); });
    return operations;
}

sync::Memory load_memory(Statements& state) {
    return {.epoch = meta(state, "epoch"),
            .cursor = meta(state, "cursor"),
            .online = load_views(state),
            .agreements = load_agreements(state),
            .claims = load_claims(state),
            .operations = load_operations(state),
            .intents = load_intents(state),
            .overwrites = load_overwrites(state),
            .doubts = load_doubts(state),
            .holds = load_holds(state),
            .approvals = load_approvals(state),
            .marks = load_marks(state),
            .parked = load_parked(state),
            .last_hold = sync::number_of(meta(state, "last_hold"))};
}

void write_commit(Statements& state, const sync::Commit& commit) {
    if (commit.new_epoch) begin_epoch(state, *commit.new_epoch);
    for (const sync::Record& record : commit.records) put_record(state, record);
    for (const OrgNumber& company : commit.missing) mark_missing(state, company);
    if (commit.cursor) put_meta(state, "cursor", *commit.cursor);
    put_all(state, commit.claims);
    put_all(state, commit.operations);
    for (const std::string& id : commit.settled) state.run("DELETE FROM journal_operations WHERE id = ?", id);
    put_all(state, commit.intents);
    put_all(state, commit.agreements);
    for (const auto& [key, preference] : commit.intents_done)
        state.run("DELETE FROM local_intents WHERE installation = ? AND place = ? AND preference = ?", key, preference);
    write_questions(state, commit);
    put_all(state, commit.marks);
    put_all(state, commit.parked);
    for (const sync::PlaceKey& key : commit.unparked)
        state.run("DELETE FROM parked WHERE installation = ? AND place = ?", key);
    for (const sync::HistoryRun& run : commit.runs) put_run(state, run, commit.time_is_confirmed);
    add_changes(state, commit.history);
}

}  // namespace samsynk::store
