// What the sandbox remembers, in SQLite: customers with versions and a change log, claims, operations, the epoch.
#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/time.hpp"
#include "sandbox/flow/customer.hpp"
#include "sandbox/flow/notices.hpp"
#include "sandbox/store/outbox.hpp"

namespace samsynk::sandbox {

struct StoredCustomer {
    Customer customer;
    std::int64_t version = 0;
    std::int64_t change = 0;  ///< its place in the change log
    std::string updated_at;
};

struct ClaimRow {
    std::string installation, host;
};

/// What became of an operation over all epochs, told for those who test an agent.
struct OperationCount {
    std::string id, company;
    std::string set;         ///< JSON: what it chose
    std::int64_t version;    ///< of the record that it led to
    std::string applied_at;  ///< the first time, to the millisecond
    std::int64_t times_applied, times_repeated;
};

/// A line of a list of customers.
struct CustomerLine {
    OrgNumber company;
    std::string name;
    std::string state;  ///< of the collaboration that this office may see; empty where there is none
};

/// Several processes may use one file: the server and the command line. Throws SQLite::Exception.
class OfficeStore {
public:
    explicit OfficeStore(const std::filesystem::path& file);

    /// All that `work` does is one transaction; undone where it throws. Rings the store's bell.
    void transaction(const std::function<void()>& work);

    std::string epoch();
    void new_epoch();
    std::int64_t last_change();
    std::int64_t data_version();  ///< changes when another process has written
    /// The one whose account the contract shows.
    Office office();
    /// Names it. Where its number is another one now, its customers and collaborations are those of the new one.
    void set_office(const Office& office);
    /// All of them, that one first.
    std::vector<Office> offices();
    std::optional<Office> office(const std::string& company);
    void add_office(const Office& office);

    std::optional<StoredCustomer> find(const OrgNumber& company);
    /// Raises the version, and enters the change log.
    StoredCustomer save(const Customer& customer);
    std::vector<StoredCustomer> page(std::int64_t after_company, std::size_t limit);  ///< of the account, by number
    std::vector<StoredCustomer> changed_since(std::int64_t change, std::size_t limit);
    std::vector<StoredCustomer> all();
    /// The office's customers that are in the account, in no order.
    std::vector<CustomerLine> customers_of(const std::string& office);
    std::vector<StoredCustomer> administered_by(const std::string& email);
    /// The company that a token was an invitation to, also one that is answered or replaced since.
    std::optional<OrgNumber> invited_with(const std::string& token);
    void keep_invitation(const std::string& token, const OrgNumber& company);
    /// Ends the collaborations whose last day has passed, and lets invitations expire; tells who is to know.
    void pass_date(Time now);
    /// Puts a letter into the outbox, as a part of the transaction that it is told in.
    void post(const Notice& notice);
    Outbox& outbox() { return outbox_; }

    std::optional<ClaimRow> claim_of(const OrgNumber& company);
    void claim(const OrgNumber& company, const ClaimRow& claim);
    bool release(const OrgNumber& company, const std::string& installation);

    /// The body that an operation's id was used with, in this epoch.
    std::optional<std::string> operation(const std::string& id);
    void remember(const std::string& id, const std::string& body);

    /// Counted apart from what is remembered, so that a double application would show.
    void count_applied(const std::string& id, const std::string& set, const StoredCustomer& saved);
    void count_repeated(const std::string& id);
    std::vector<OperationCount> operation_counts();  ///< in order of version within a company

private:
    void read_older();
    void move_customers(const std::string& before, const Office& office);
    SQLite::Statement& statement(const std::string& sql);
    std::string meta(const std::string& key, const std::string& otherwise);
    void set_meta(const std::string& key, const std::string& value);
    std::vector<StoredCustomer> rows(SQLite::Statement& row);

    SQLite::Database database_;
    Outbox outbox_;
    std::filesystem::path bell_;
    std::map<std::string, SQLite::Statement> statements_;
};

}  // namespace samsynk::sandbox
