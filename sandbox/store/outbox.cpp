#include "sandbox/store/outbox.hpp"

#include <SQLiteCpp/Statement.h>

#include <algorithm>
#include <boost/json.hpp>

#include "core/ids.hpp"
#include "sandbox/store/notice_json.hpp"

namespace samsynk::sandbox {
namespace {

namespace json = boost::json;

// What is read of a letter, in this order.
const std::string columns = "id, created_at, message_id, notice, state, attempts, next_attempt, sent_at, trouble";
constexpr const char* domain = "@samsynk-sandbox.example";

std::int64_t number(Time time) { return time.time_since_epoch().count(); }
std::optional<Time> time_of(const SQLite::Column& column) {
    if (column.isNull()) return std::nullopt;
    return Time{std::chrono::milliseconds{column.getInt64()}};
}

std::string kept(const Message& message) {
    json::array args;
    for (const auto& [name, value] : message.args) args.push_back(json::array{json::string{name}, json::string{value}});
    return json::serialize(json::object{{"id", message.id}, {"args", std::move(args)}});
}

Message message_from(const std::string& text) {
    const json::value value = json::parse(text);
    Message message{std::string{value.at("id").as_string()}, {}};
    for (const auto& pair : value.at("args").as_array())
        message.args.emplace_back(std::string{pair.at(0).as_string()}, std::string{pair.at(1).as_string()});
    return message;
}

LetterState state_named(const std::string& name) {
    return name == "sent" ? LetterState::sent : name == "failed" ? LetterState::failed : LetterState::waiting;
}

PostedLetter letter_in(SQLite::Statement& row) {
    PostedLetter letter{.id = row.getColumn(0).getInt64(),
                        .created_at = time_of(row.getColumn(1)).value_or(Time{}),
                        .message_id = row.getColumn(2).getString(),
                        .notice = notice_from(row.getColumn(3).getString()),
                        .state = state_named(row.getColumn(4).getString()),
                        .attempts = row.getColumn(5).getInt64(),
                        .next_attempt = {},
                        .sent_at = time_of(row.getColumn(7)),
                        .trouble = {}};
    if (letter.state == LetterState::waiting) letter.next_attempt = time_of(row.getColumn(6));
    if (!row.getColumn(8).isNull()) letter.trouble = message_from(row.getColumn(8).getString());
    return letter;
}

std::vector<PostedLetter> letters_in(SQLite::Statement& row) {
    std::vector<PostedLetter> letters;
    while (row.executeStep()) letters.push_back(letter_in(row));
    return letters;
}

std::chrono::milliseconds pause_after(std::int64_t attempts) {
    const auto doubled = Outbox::first_pause * (std::int64_t{1} << std::clamp<std::int64_t>(attempts - 1, 0, 12));
    return std::min<std::chrono::milliseconds>(doubled, Outbox::longest_pause);
}

}  // namespace

std::string_view name_of(LetterState state) {
    switch (state) {
        case LetterState::sent:
            return "sent";
        case LetterState::failed:
            return "failed";
        default:
            return "waiting";
    }
}

const char* const Outbox::shape = R"sql(
CREATE TABLE IF NOT EXISTS letters (
  id INTEGER PRIMARY KEY AUTOINCREMENT, created_at INTEGER NOT NULL, company INTEGER NOT NULL,
  message_id TEXT NOT NULL UNIQUE, notice TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'failed')),
  attempts INTEGER NOT NULL DEFAULT 0, first_attempt INTEGER, next_attempt INTEGER NOT NULL, taken_until INTEGER NOT NULL DEFAULT 0,
  sent_at INTEGER, trouble TEXT);
CREATE INDEX IF NOT EXISTS letters_waiting ON letters (next_attempt, id) WHERE state = 'waiting';
CREATE INDEX IF NOT EXISTS letters_company ON letters (company, id);
)sql";

void Outbox::put(const Notice& notice, Time now) {
    SQLite::Statement row{database_,
                          "INSERT INTO letters (created_at, company, message_id, notice, state, next_attempt) "
                          "VALUES (?1, ?2, ?3, ?4, 'waiting', ?1)"};
    row.bind(1, number(now));
    row.bind(2, static_cast<std::int64_t>(std::stoll(notice.company)));
    row.bind(3, random_hex(16) + domain);
    row.bind(4, to_text(notice));
    row.exec();
}

std::optional<PostedLetter> Outbox::take(Time now, Time until) {
    SQLite::Statement row{database_,
                          "UPDATE letters SET taken_until = ?2, first_attempt = coalesce(first_attempt, ?1) WHERE id = "
                          "(SELECT id FROM letters WHERE state = 'waiting' AND next_attempt <= ?1 AND taken_until <= "
                          "?1 ORDER BY next_attempt, id LIMIT 1) RETURNING " +
                              columns};
    row.bind(1, number(now));
    row.bind(2, number(until));
    auto taken = letters_in(row);
    if (taken.empty()) return std::nullopt;
    return std::move(taken.front());
}

// What is sent is sent, whatever was written of it meanwhile.
void Outbox::sent(std::int64_t id, Time at) {
    SQLite::Statement row{database_,
                          "UPDATE letters SET state = 'sent', sent_at = ?2, attempts = attempts + 1, taken_until = 0, "
                          "trouble = NULL WHERE id = ?1"};
    row.bind(1, id);
    row.bind(2, number(at));
    row.exec();
}

void Outbox::not_sent(std::int64_t id, const Message& trouble, Time at) {
    SQLite::Statement tried{database_, "SELECT attempts FROM letters WHERE id = ?"};
    tried.bind(1, id);
    const std::int64_t attempts = (tried.executeStep() ? tried.getColumn(0).getInt64() : 0) + 1;
    tried.reset();
    SQLite::Statement row{database_,
                          "UPDATE letters SET attempts = attempts + 1, next_attempt = ?2, taken_until = 0, trouble = "
                          "?3, state = iif(first_attempt <= ?4, 'failed', state) WHERE id = ?1 AND state = 'waiting'"};
    row.bind(1, id);
    row.bind(2, number(at + pause_after(attempts)));
    row.bind(3, kept(trouble));
    row.bind(4, number(at - patience));
    row.exec();
}

void Outbox::refused(std::int64_t id, const Message& trouble) {
    SQLite::Statement row{database_,
                          "UPDATE letters SET state = 'failed', attempts = attempts + 1, taken_until = 0, trouble = ?2 "
                          "WHERE id = ?1 AND state = 'waiting'"};
    row.bind(1, id);
    row.bind(2, kept(trouble));
    row.exec();
}

void Outbox::give_back(std::int64_t id) {
    SQLite::Statement row{database_, "UPDATE letters SET taken_until = 0 WHERE id = ?"};
    row.bind(1, id);
    row.exec();
}

void Outbox::hold_up(std::int64_t id, const Message& trouble, Time at) {
    not_sent(id, trouble, at);
    SQLite::Statement row{
        database_,
        "UPDATE letters SET next_attempt = max(next_attempt, (SELECT next_attempt FROM letters WHERE id = ?1)), "
        "first_attempt = coalesce(first_attempt, ?2), trouble = ?3, state = iif(first_attempt <= ?4, 'failed', state) "
        "WHERE id <> ?1 AND state = 'waiting' AND taken_until <= ?2"};
    row.bind(1, id);
    row.bind(2, number(at));
    row.bind(3, kept(trouble));
    row.bind(4, number(at - patience));
    row.exec();
}

void Outbox::go_on(Time now) {
    SQLite::Statement row{database_,
                          "UPDATE letters SET next_attempt = ?1 WHERE state = 'waiting' AND next_attempt > ?1"};
    row.bind(1, number(now));
    row.exec();
}

std::optional<Time> Outbox::next_due() {
    SQLite::Statement row{database_, "SELECT min(max(next_attempt, taken_until)) FROM letters WHERE state = 'waiting'"};
    return row.executeStep() ? time_of(row.getColumn(0)) : std::nullopt;
}

std::vector<PostedLetter> Outbox::all() {
    SQLite::Statement row{database_, "SELECT " + columns + " FROM letters ORDER BY id"};
    return letters_in(row);
}

std::vector<PostedLetter> Outbox::letters_of(const OrgNumber& company) {
    SQLite::Statement row{database_, "SELECT " + columns + " FROM letters WHERE company = ? ORDER BY id"};
    row.bind(1, static_cast<std::int64_t>(std::stoll(company.digits())));
    return letters_in(row);
}

}  // namespace samsynk::sandbox
