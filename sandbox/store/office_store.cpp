#include "sandbox/store/office_store.hpp"

#include <SQLiteCpp/Transaction.h>

#include "core/ids.hpp"
#include "sandbox/flow/stockholm.hpp"
#include "sandbox/store/bell.hpp"
#include "sandbox/store/customer_json.hpp"

namespace samsynk::sandbox {
namespace {

constexpr const char* shape = R"sql(
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS customers (
  company INTEGER PRIMARY KEY, version INTEGER NOT NULL, change INTEGER NOT NULL UNIQUE, updated_at TEXT NOT NULL,
  in_account INTEGER NOT NULL, ends_on TEXT, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS customers_ending ON customers (ends_on) WHERE ends_on IS NOT NULL;
CREATE TABLE IF NOT EXISTS offices (
  company TEXT PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL, language TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS invitations (token TEXT PRIMARY KEY, company INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS customers_administrated ON customers (lower(json_extract(body, '$.administrator_email')));
CREATE TABLE IF NOT EXISTS claims (company INTEGER PRIMARY KEY, installation TEXT NOT NULL, host TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS operations (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS operation_counts (
  id TEXT PRIMARY KEY, company INTEGER NOT NULL, chosen TEXT NOT NULL, version INTEGER NOT NULL, applied_at TEXT NOT NULL,
  times_applied INTEGER NOT NULL, times_repeated INTEGER NOT NULL) WITHOUT ROWID;
)sql";

std::int64_t key_of(const OrgNumber& company) { return std::stoll(company.digits()); }

}  // namespace

OfficeStore::OfficeStore(const std::filesystem::path& file)
    : database_{file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, 10000},
      outbox_{database_},
      bell_{bell_of(file)} {
    database_.exec("PRAGMA journal_mode = WAL");
    database_.exec("PRAGMA synchronous = NORMAL");
    database_.exec(shape);
    database_.exec(Outbox::shape);
    if (epoch().empty()) new_epoch();
    if (database_.execAndGet("PRAGMA user_version").getInt() == 0) read_older();
}

// Customers of a version that knew one office only.
void OfficeStore::read_older() {
    SQLite::Transaction transaction{database_, SQLite::TransactionBehavior::IMMEDIATE};
    SQLite::Statement row{database_,
                          "UPDATE customers SET body = json_set(json_remove(body, '$.assignments'), '$.offices', "
                          "json_object(?, json_extract(body, '$.assignments')), '$.earlier', json_array()) "
                          "WHERE json_type(body, '$.offices') IS NULL"};
    row.bind(1, office().company);
    row.exec();
    database_.exec("PRAGMA user_version = 1");
    transaction.commit();
}

void OfficeStore::transaction(const std::function<void()>& work) {
    SQLite::Transaction transaction{database_, SQLite::TransactionBehavior::IMMEDIATE};
    work();
    transaction.commit();
    ring(bell_);
}

SQLite::Statement& OfficeStore::statement(const std::string& sql) {
    auto at = statements_.find(sql);
    if (at == statements_.end())
        at = statements_
                 .emplace(std::piecewise_construct, std::forward_as_tuple(sql), std::forward_as_tuple(database_, sql))
                 .first;
    at->second.reset();
    at->second.clearBindings();
    return at->second;
}

std::string OfficeStore::meta(const std::string& key, const std::string& otherwise) {
    auto& row = statement("SELECT value FROM meta WHERE key = ?");
    row.bind(1, key);
    const std::string value = row.executeStep() ? row.getColumn(0).getString() : otherwise;
    row.reset();
    return value;
}

void OfficeStore::set_meta(const std::string& key, const std::string& value) {
    auto& row = statement("INSERT OR REPLACE INTO meta VALUES (?, ?)");
    row.bind(1, key);
    row.bind(2, value);
    row.exec();
}

std::string OfficeStore::epoch() { return meta("epoch", ""); }
std::int64_t OfficeStore::last_change() { return std::stoll(meta("change", "0")); }
std::int64_t OfficeStore::data_version() { return database_.execAndGet("PRAGMA data_version").getInt64(); }

Office OfficeStore::office() {
    return {meta("office_company", "5562651892"), meta("office_name", "Norrsken Redovisning AB"),
            meta("office_email", "kontoret@norrsken.example"), language_named(meta("office_language", "sv"))};
}

void OfficeStore::set_office(const Office& office) {
    if (const std::string before = this->office().company; before != office.company) move_customers(before, office);
    set_meta("office_company", office.company);
    set_meta("office_name", office.name);
    set_meta("office_email", office.email);
    set_meta("office_language", std::string{name_of(office.language)});
}

// It is the same office under its right name: what it has, it keeps.
void OfficeStore::move_customers(const std::string& before, const Office& office) {
    for (StoredCustomer& stored : all()) {
        Customer& customer = stored.customer;
        auto engagement = customer.offices.extract(before);
        if (engagement.empty()) continue;
        engagement.key() = office.company;
        customer.offices.insert(std::move(engagement));
        if (customer.collaboration && customer.collaboration->office_company == before) {
            customer.collaboration->office_company = office.company;
            customer.collaboration->office_name = office.name;
        }
        save(customer);
    }
}

std::vector<Office> OfficeStore::offices() {
    std::vector<Office> offices{office()};
    auto& row = statement("SELECT company, name, email, language FROM offices WHERE company <> ? ORDER BY company");
    row.bind(1, offices.front().company);
    while (row.executeStep())
        offices.push_back({row.getColumn(0).getString(), row.getColumn(1).getString(), row.getColumn(2).getString(),
                           language_named(row.getColumn(3).getString())});
    row.reset();
    return offices;
}

std::optional<Office> OfficeStore::office(const std::string& company) {
    for (Office& one : offices())
        if (one.company == company) return std::move(one);
    return std::nullopt;
}

void OfficeStore::add_office(const Office& office) {
    auto& row = statement("INSERT OR REPLACE INTO offices VALUES (?, ?, ?, ?)");
    row.bind(1, office.company);
    row.bind(2, office.name);
    row.bind(3, office.email);
    row.bind(4, std::string{name_of(office.language)});
    row.exec();
}

void OfficeStore::new_epoch() {
    set_meta("epoch", "e-" + random_hex(8));
    database_.exec("DELETE FROM operations");
}

std::vector<StoredCustomer> OfficeStore::rows(SQLite::Statement& row) {
    std::vector<StoredCustomer> customers;
    while (row.executeStep())
        customers.push_back({customer_from(row.getColumn(3).getString()), row.getColumn(0).getInt64(),
                             row.getColumn(1).getInt64(), row.getColumn(2).getString()});
    row.reset();
    return customers;
}

std::optional<StoredCustomer> OfficeStore::find(const OrgNumber& company) {
    auto& row = statement("SELECT version, change, updated_at, body FROM customers WHERE company = ?");
    row.bind(1, key_of(company));
    auto found = rows(row);
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
}

StoredCustomer OfficeStore::save(const Customer& customer) {
    const std::int64_t change = last_change() + 1;
    set_meta("change", std::to_string(change));
    auto& row = statement(
        "INSERT INTO customers VALUES (?1, 1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (company) DO UPDATE SET version = "
        "version + 1, change = ?2, "
        "updated_at = ?3, in_account = ?4, ends_on = ?5, body = ?6 RETURNING version");
    const std::string at = to_rfc3339(wall_clock());
    row.bind(1, key_of(customer.company));
    row.bind(2, change);
    row.bind(3, at);
    row.bind(4, customer.in_account ? 1 : 0);
    if (customer.collaboration && customer.collaboration->state == State::ending)
        row.bind(5, customer.collaboration->ends_on);
    if (customer.collaboration && customer.collaboration->state == State::invited &&
        !customer.collaboration->expires_on.empty())
        row.bind(5, customer.collaboration->expires_on);
    row.bind(6, to_text(customer));
    row.executeStep();
    const std::int64_t version = row.getColumn(0).getInt64();
    row.reset();
    return {customer, version, change, at};
}

std::vector<StoredCustomer> OfficeStore::page(std::int64_t after_company, std::size_t limit) {
    auto& row = statement(
        "SELECT version, change, updated_at, body FROM customers WHERE company > ? AND in_account = 1 ORDER BY company "
        "LIMIT ?");
    row.bind(1, after_company);
    row.bind(2, static_cast<std::int64_t>(limit));
    return rows(row);
}

std::vector<StoredCustomer> OfficeStore::changed_since(std::int64_t change, std::size_t limit) {
    auto& row =
        statement("SELECT version, change, updated_at, body FROM customers WHERE change > ? ORDER BY change LIMIT ?");
    row.bind(1, change);
    row.bind(2, static_cast<std::int64_t>(limit));
    return rows(row);
}

std::vector<StoredCustomer> OfficeStore::all() {
    return rows(statement("SELECT version, change, updated_at, body FROM customers ORDER BY company"));
}

std::vector<CustomerLine> OfficeStore::customers_of(const std::string& office) {
    auto& row = statement(
        "SELECT company, json_extract(body, '$.name'), json_extract(body, '$.collaboration.state'), "
        "json_extract(body, '$.collaboration.office.company') FROM customers WHERE in_account = 1 AND "
        "json_type(body, '$.offices.' || json_quote(?)) IS NOT NULL");
    row.bind(1, office);
    std::vector<CustomerLine> lines;
    while (row.executeStep()) {
        const auto number = OrgNumber::of(static_cast<std::uint64_t>(row.getColumn(0).getInt64()));
        if (number)
            lines.push_back({*number, row.getColumn(1).getString(),
                             row.getColumn(3).getString() == office ? row.getColumn(2).getString() : ""});
    }
    row.reset();
    return lines;
}

std::vector<StoredCustomer> OfficeStore::administered_by(const std::string& email) {
    auto& row = statement(
        "SELECT version, change, updated_at, body FROM customers WHERE lower(json_extract(body, "
        "'$.administrator_email')) = "
        "lower(?) "
        "ORDER BY company");
    row.bind(1, email);
    return rows(row);
}

std::optional<OrgNumber> OfficeStore::invited_with(const std::string& token) {
    auto& row = statement("SELECT company FROM invitations WHERE token = ?");
    row.bind(1, token);
    std::optional<OrgNumber> company;
    if (row.executeStep()) company = OrgNumber::of(static_cast<std::uint64_t>(row.getColumn(0).getInt64()));
    row.reset();
    return company;
}

void OfficeStore::keep_invitation(const std::string& token, const OrgNumber& company) {
    auto& row = statement("INSERT INTO invitations VALUES (?, ?)");
    row.bind(1, token);
    row.bind(2, key_of(company));
    row.exec();
}

void OfficeStore::pass_date(Time at) {
    const std::string today = day_in_stockholm(at);
    const auto due = [&] {
        auto& row = statement(
            "SELECT version, change, updated_at, body FROM customers WHERE ends_on IS NOT NULL AND ends_on < ?");
        row.bind(1, today);
        return rows(row);
    };
    if (due().empty()) return;
    // Looked up again where nobody else can write: who passed the same date meanwhile has written the letters too.
    transaction([&] {
        for (StoredCustomer stored : due()) {
            const bool invited = place_of(stored.customer).state == State::invited;
            if (!sandbox::pass_date(stored.customer, today, to_rfc3339(at))) continue;
            save(stored.customer);
            const Taken taken{.step = invited ? Step::expire : Step::pass_end, .by = Party::clock};
            const auto with = office(stored.customer.collaboration->office_company);
            for (const Notice& notice : notices_of(taken, stored.customer, with.value_or(Office{}))) post(notice);
        }
    });
}

void OfficeStore::post(const Notice& notice) { outbox_.put(notice, wall_clock()); }

std::optional<ClaimRow> OfficeStore::claim_of(const OrgNumber& company) {
    auto& row = statement("SELECT installation, host FROM claims WHERE company = ?");
    row.bind(1, key_of(company));
    std::optional<ClaimRow> claim;
    if (row.executeStep()) claim = ClaimRow{row.getColumn(0).getString(), row.getColumn(1).getString()};
    row.reset();
    return claim;
}

void OfficeStore::claim(const OrgNumber& company, const ClaimRow& claim) {
    auto& row = statement("INSERT OR REPLACE INTO claims VALUES (?, ?, ?)");
    row.bind(1, key_of(company));
    row.bind(2, claim.installation);
    row.bind(3, claim.host);
    row.exec();
}

bool OfficeStore::release(const OrgNumber& company, const std::string& installation) {
    auto& row = statement("DELETE FROM claims WHERE company = ? AND installation = ?");
    row.bind(1, key_of(company));
    row.bind(2, installation);
    return row.exec() > 0;
}

std::optional<std::string> OfficeStore::operation(const std::string& id) {
    auto& row = statement("SELECT body FROM operations WHERE id = ?");
    row.bind(1, id);
    std::optional<std::string> body;
    if (row.executeStep()) body = row.getColumn(0).getString();
    row.reset();
    return body;
}

void OfficeStore::remember(const std::string& id, const std::string& body) {
    auto& row = statement("INSERT INTO operations VALUES (?, ?)");
    row.bind(1, id);
    row.bind(2, body);
    row.exec();
}

void OfficeStore::count_applied(const std::string& id, const std::string& set, const StoredCustomer& saved) {
    auto& row = statement(
        "INSERT INTO operation_counts VALUES (?, ?, ?, ?, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), 1, 0) ON CONFLICT "
        "(id) "
        "DO UPDATE SET times_applied = times_applied + 1");
    row.bind(1, id);
    row.bind(2, key_of(saved.customer.company));
    row.bind(3, set);
    row.bind(4, saved.version);
    row.exec();
}

void OfficeStore::count_repeated(const std::string& id) {
    auto& row = statement("UPDATE operation_counts SET times_repeated = times_repeated + 1 WHERE id = ?");
    row.bind(1, id);
    row.exec();
}

std::vector<OperationCount> OfficeStore::operation_counts() {
    auto& row = statement(
        "SELECT id, printf('%010d', company), chosen, version, applied_at, times_applied, times_repeated FROM "
        "operation_counts ORDER BY company, version");
    std::vector<OperationCount> counts;
    while (row.executeStep())
        counts.push_back({row.getColumn(0).getString(), row.getColumn(1).getString(), row.getColumn(2).getString(),
                          row.getColumn(3).getInt64(), row.getColumn(4).getString(), row.getColumn(5).getInt64(),
                          row.getColumn(6).getInt64()});
    row.reset();
    return counts;
}

}  // namespace samsynk::sandbox
