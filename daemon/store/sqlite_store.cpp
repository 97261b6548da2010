#include "store/sqlite_store.hpp"

#include <sqlite3.h>

#include <algorithm>

#include "store/mapped.hpp"

namespace samsynk::store {
namespace {

constexpr const char* epoch_key = "epoch";
constexpr const char* cursor_key = "cursor";
constexpr const char* last_hold_key = "last_hold";
constexpr std::size_t most_cached = 100;  // rows of one commit whose pages stay in memory for the next one

// The one place where SQLite's exceptions end.
template <class Work>
auto guarded(const std::filesystem::path& file, Work work) -> Result<decltype(work())> {
    try {
        if constexpr (std::is_void_v<decltype(work())>) {
            work();
            return {};
        } else {
            return work();
        }
    } catch (const SQLite::Exception& exception) {
        if (is_damage(exception)) suspect(file);
        return error_of(exception, file);
    }
}

// Not waited for until it is on disk. What is committed later never gets there before it.
class Unflushed {
public:
    Unflushed(SQLite::Database& database, bool wanted) : database_{database}, wanted_{wanted} {
        if (wanted_) database_.exec("PRAGMA synchronous = NORMAL");
    }
    ~Unflushed() {
        if (wanted_) (void)database_.tryExec("PRAGMA synchronous = FULL");
    }
    Unflushed(const Unflushed&) = delete;
    Unflushed& operator=(const Unflushed&) = delete;

private:
    SQLite::Database& database_;
    bool wanted_;
};

}  // namespace

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const std::filesystem::path& directory) {
    auto opened = open_database(directory);
    if (opened.has_error()) return opened.error();
    const std::filesystem::path file = opened->file;
    return guarded(file, [&] { return std::make_unique<SqliteStore>(std::move(*opened)); });
}

SqliteStore::SqliteStore(Opened opened)
    : opened_{std::move(opened)},
      meta_{*opened_.database},
      records_{*opened_.database},
      agreements_{*opened_.database},
      claims_{*opened_.database},
      operations_{*opened_.database},
      intents_{*opened_.database},
      overwrites_{*opened_.database},
      doubts_{*opened_.database},
      holds_{*opened_.database},
      approvals_{*opened_.database},
      marks_{*opened_.database},
      parked_{*opened_.database},
      history_{*opened_.database} {}

Result<sync::Memory> SqliteStore::load() {
    return guarded(file(), [&] {
        const Mapped mapped{*opened_.database};
        return sync::Memory{.epoch = meta_.get(epoch_key),
                            .cursor = meta_.get(cursor_key),
                            .online = records_.views(),
                            .agreements = agreements_.load(),
                            .claims = claims_.load(),
                            .operations = operations_.load(),
                            .intents = intents_.load(),
                            .overwrites = overwrites_.load(),
                            .doubts = doubts_.load(),
                            .holds = holds_.load(),
                            .approvals = approvals_.load(),
                            .marks = marks_.load(),
                            .parked = parked_.load(),
                            .last_hold = sync::number_of(meta_.get(last_hold_key))};
    });
}

Result<void> SqliteStore::commit(const sync::Commit& commit) {
    if (commit.empty()) return {};
    return guarded(file(), [&] {
        const Unflushed unflushed{*opened_.database, commit.may_be_lost()};
        SQLite::Transaction transaction{*opened_.database, SQLite::TransactionBehavior::IMMEDIATE};
        write(commit);
        transaction.commit();
        // After much was written, the cache's pages are better used elsewhere.
        if (commit.records.size() + commit.agreements.size() > most_cached)
            sqlite3_db_release_memory(opened_.database->getHandle());
    });
}

void SqliteStore::write(const sync::Commit& commit) {
    if (commit.new_epoch) {
        meta_.put(epoch_key, *commit.new_epoch);
        meta_.put(cursor_key, {});
        records_.reset_versions();
        operations_.forget_all();
        claims_.begin_epoch();
    }
    for (const sync::Record& record : commit.records) records_.put(record);
    for (const OrgNumber& company : commit.missing) records_.mark_missing(company);
    if (commit.cursor) meta_.put(cursor_key, *commit.cursor);
    for (const sync::ClaimsUpdate& update : commit.claims) claims_.put(update);
    for (const sync::Operation& operation : commit.operations) operations_.add(operation);
    for (const std::string& id : commit.settled) operations_.remove(id);
    for (const sync::LocalIntent& intent : commit.intents) intents_.put(intent);
    for (const sync::AgreementUpdate& update : commit.agreements) agreements_.put(update);
    for (const auto& [key, preference] : commit.intents_done) intents_.remove(key, preference);
    write_questions(commit);
    write_history(commit);
}

void SqliteStore::write_questions(const sync::Commit& commit) {
    for (const sync::Overwrite& overwrite : commit.overwrites) overwrites_.put(overwrite);
    for (const sync::Doubt& doubt : commit.doubts) doubts_.put(doubt);
    for (const auto& [company, preference] : commit.doubts_settled) doubts_.remove(company, preference);
    if (commit.holds) {
        holds_.replace(*commit.holds);
        std::int64_t last = sync::number_of(meta_.get(last_hold_key));
        for (const sync::Hold& hold : *commit.holds) last = std::max(last, sync::number_of(hold.id));
        meta_.put(last_hold_key, "h-" + std::to_string(last));
    }
    for (const sync::Approval& approval : commit.approvals) approvals_.put(approval);
    for (const sync::ApprovalKey& done : commit.approvals_done) approvals_.remove(done);
    for (const sync::InstallationMark& mark : commit.marks) marks_.put(mark);
}

void SqliteStore::write_history(const sync::Commit& commit) {
    for (const sync::Parking& parking : commit.parked) parked_.put(parking);
    for (const sync::PlaceKey& key : commit.unparked) parked_.remove(key);
    for (const sync::HistoryRun& run : commit.runs) history_.put(run, commit.time_is_confirmed);
    history_.add(commit.history);
}

Result<std::vector<sync::HistoryEntry>> SqliteStore::history(const sync::HistoryQuery& query) {
    return guarded(file(), [&] { return history_.find(query); });
}

Result<std::vector<sync::Record>> SqliteStore::records(const std::vector<OrgNumber>& companies) {
    return guarded(file(), [&] {
        std::vector<sync::Record> found;
        for (const OrgNumber& company : companies)
            if (auto record = records_.find(company)) found.push_back(std::move(*record));
        return found;
    });
}

}  // namespace samsynk::store
