#include "store/migrations.hpp"

#include <array>
#include <string>

#include "store/database.hpp"

namespace samsynk::store {
namespace {

// Organisation numbers are integers: half the size of text, and the row's own key. `send` and `receive` are
// null where nobody chose. `fingerprint` is what the local program must have been told.
constexpr const char* first = R"sql(
CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE records (
    company INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    gone INTEGER NOT NULL DEFAULT 0,
    send INTEGER,
    receive INTEGER,
    state TEXT NOT NULL DEFAULT 'none',
    fingerprint INTEGER NOT NULL DEFAULT 0,
    problem TEXT NOT NULL DEFAULT '',
    problem_message TEXT NOT NULL DEFAULT '',
    problem_args TEXT NOT NULL DEFAULT '',
    problem_detail TEXT NOT NULL DEFAULT '',
    name TEXT NOT NULL DEFAULT '',
    updated_at TEXT NOT NULL DEFAULT '',
    function_active INTEGER NOT NULL DEFAULT 0,
    receiving TEXT NOT NULL DEFAULT 'none',
    registration_operator TEXT NOT NULL DEFAULT '',
    collaboration TEXT NOT NULL DEFAULT '',
    awaiting TEXT NOT NULL DEFAULT '',
    office_company TEXT NOT NULL DEFAULT '',
    office_name TEXT NOT NULL DEFAULT '',
    assignment TEXT NOT NULL DEFAULT '',
    assignment_name TEXT NOT NULL DEFAULT '',
    invoice_recipient TEXT NOT NULL DEFAULT '',
    payee TEXT NOT NULL DEFAULT '',
    invited_at TEXT NOT NULL DEFAULT '',
    approved_at TEXT NOT NULL DEFAULT '',
    ends_on TEXT NOT NULL DEFAULT '',
    ended_at TEXT NOT NULL DEFAULT ''
);

CREATE TABLE agreements (
    installation TEXT NOT NULL,
    place TEXT NOT NULL,
    company INTEGER NOT NULL,
    send INTEGER,
    receive INTEGER,
    PRIMARY KEY (installation, place)
) WITHOUT ROWID;

CREATE TABLE claim_lists (
    installation TEXT PRIMARY KEY,
    asked_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE claims (
    installation TEXT NOT NULL,
    company INTEGER NOT NULL,
    status TEXT NOT NULL,
    holder TEXT NOT NULL,
    holder_host TEXT NOT NULL,
    PRIMARY KEY (installation, company)
) WITHOUT ROWID;

CREATE TABLE journal_operations (
    sequence INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    installation TEXT NOT NULL,
    company INTEGER NOT NULL,
    if_version INTEGER NOT NULL,
    send INTEGER,
    receive INTEGER,
    journalled_at INTEGER NOT NULL DEFAULT (unixepoch())
);
CREATE INDEX journal_operations_by_id ON journal_operations (id);

CREATE TABLE local_intents (
    sequence INTEGER PRIMARY KEY,
    installation TEXT NOT NULL,
    place TEXT NOT NULL,
    preference TEXT NOT NULL,
    company INTEGER NOT NULL,
    from_value INTEGER,
    to_value INTEGER NOT NULL,
    UNIQUE (installation, place, preference)
);
)sql";

// What waits for a person, the answers, and what the guard against mass changes looks back on.
constexpr const char* second = R"sql(
ALTER TABLE journal_operations ADD COLUMN created_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE journal_operations ADD COLUMN overwrites INTEGER NOT NULL DEFAULT 0;
UPDATE journal_operations SET created_at = journalled_at * 1000;
ALTER TABLE local_intents ADD COLUMN overwrites INTEGER NOT NULL DEFAULT 0;

CREATE TABLE overwrites (
    installation TEXT NOT NULL,
    won TEXT NOT NULL,
    company INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (installation, won, company)
) WITHOUT ROWID;

CREATE TABLE doubts (
    company INTEGER NOT NULL,
    preference TEXT NOT NULL,
    online INTEGER,
    kind TEXT NOT NULL,
    PRIMARY KEY (company, preference)
) WITHOUT ROWID;

CREATE TABLE holds (
    sequence INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    installation TEXT NOT NULL,
    planned TEXT NOT NULL,
    since INTEGER NOT NULL
);
CREATE TABLE hold_rows (
    sequence INTEGER PRIMARY KEY,
    hold TEXT NOT NULL,
    place TEXT NOT NULL,
    company INTEGER NOT NULL,
    preference TEXT NOT NULL,
    local INTEGER,
    online INTEGER
);

CREATE TABLE approvals (
    installation TEXT NOT NULL,
    place TEXT NOT NULL,
    preference TEXT NOT NULL,
    company INTEGER NOT NULL,
    kind TEXT NOT NULL,
    local INTEGER,
    online INTEGER,
    take TEXT NOT NULL,
    PRIMARY KEY (installation, place, preference)
) WITHOUT ROWID;

CREATE TABLE marks (
    installation TEXT PRIMARY KEY,
    mark TEXT NOT NULL
) WITHOUT ROWID;
)sql";

// Who failed and when to try again; what was done, for people.
constexpr const char* third = R"sql(
ALTER TABLE journal_operations ADD COLUMN run TEXT NOT NULL DEFAULT '';
ALTER TABLE journal_operations ADD COLUMN was_send INTEGER;
ALTER TABLE journal_operations ADD COLUMN was_receive INTEGER;
ALTER TABLE journal_operations ADD COLUMN rule_send TEXT NOT NULL DEFAULT 'agree';
ALTER TABLE journal_operations ADD COLUMN rule_receive TEXT NOT NULL DEFAULT 'agree';
ALTER TABLE local_intents ADD COLUMN run TEXT NOT NULL DEFAULT '';
ALTER TABLE local_intents ADD COLUMN rule TEXT NOT NULL DEFAULT 'agree';

-- Fingerprints are made otherwise now: all records are read anew.
UPDATE meta SET value = '' WHERE name = 'cursor';

CREATE TABLE parked (
    installation TEXT NOT NULL,
    place TEXT NOT NULL,
    code TEXT NOT NULL,
    message TEXT NOT NULL,
    args TEXT NOT NULL,
    detail TEXT NOT NULL,
    failures INTEGER NOT NULL,
    since INTEGER NOT NULL,
    next_try INTEGER NOT NULL,
    last_success INTEGER,
    version INTEGER NOT NULL,
    send INTEGER,
    receive INTEGER,
    PRIMARY KEY (installation, place)
) WITHOUT ROWID;

CREATE TABLE runs (
    sequence INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    trigger TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    finished_at INTEGER,
    outcome TEXT NOT NULL,
    companies INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    held INTEGER NOT NULL,
    waiting INTEGER NOT NULL,
    code TEXT NOT NULL,
    message TEXT NOT NULL,
    args TEXT NOT NULL
);
CREATE TABLE changes (
    sequence INTEGER PRIMARY KEY,
    run INTEGER NOT NULL,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    installation TEXT NOT NULL,
    place TEXT NOT NULL,
    company INTEGER NOT NULL,
    preference TEXT NOT NULL,
    from_value INTEGER,
    to_value INTEGER,
    rule TEXT NOT NULL,
    collaboration TEXT NOT NULL,
    operation TEXT NOT NULL,
    request TEXT NOT NULL,
    asked_by TEXT NOT NULL
);
CREATE INDEX changes_by_run ON changes (run);
CREATE INDEX changes_by_company ON changes (company);
)sql";

// Places that follow another one of the same company.
constexpr const char* fourth = R"sql(
ALTER TABLE agreements ADD COLUMN follows INTEGER NOT NULL DEFAULT 0;
)sql";

constexpr std::array all_migrations{Migration{first}, Migration{second}, Migration{third}, Migration{fourth}};

std::int64_t pragma(SQLite::Database& database, const char* sql) { return database.execAndGet(sql).getInt64(); }

bool holds_nothing(SQLite::Database& database) {
    return pragma(database, "SELECT count(*) FROM sqlite_schema") == 0 && pragma(database, "PRAGMA user_version") == 0;
}

void run_step(SQLite::Database& database, const Migration& step, std::size_t version) {
    SQLite::Transaction transaction{database, SQLite::TransactionBehavior::IMMEDIATE};
    database.exec(step.sql);
    database.exec("PRAGMA application_id = " + std::to_string(application_id));
    database.exec("PRAGMA user_version = " + std::to_string(version));
    transaction.commit();
}

}  // namespace

std::span<const Migration> migrations() { return all_migrations; }

Result<void> check_version(SQLite::Database& database, const std::filesystem::path& file,
                           std::span<const Migration> known) {
    if (holds_nothing(database)) return {};
    if (pragma(database, "PRAGMA application_id") != application_id)
        return fail(Errc::state_failed,
                    N_("{file} is a database of another program. Point state.directory at a folder of its own."),
                    {{"file", file.string()}});
    const auto version = pragma(database, "PRAGMA user_version");
    if (version > static_cast<std::int64_t>(known.size()))
        return fail(
            Errc::state_newer,
            N_("The state in {file} was written by a newer version of Samsynk (schema {found}, this one knows up "
               "to {known}). Nothing was changed. Install that version again, or point state.directory at "
               "another folder."),
            {{"file", file.string()}, {"found", std::to_string(version)}, {"known", std::to_string(known.size())}});
    return {};
}

void migrate(SQLite::Database& database, const std::filesystem::path& file, std::span<const Migration> known) {
    const auto version = static_cast<std::size_t>(pragma(database, "PRAGMA user_version"));
    if (version >= known.size()) return;
    if (!holds_nothing(database)) write_copy(database, with_suffix(file, ".before-" + std::to_string(version + 1)));
    for (std::size_t next = version; next < known.size(); ++next) run_step(database, known[next], next + 1);
}

}  // namespace samsynk::store
