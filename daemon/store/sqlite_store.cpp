#include "store/sqlite_store.hpp"

#include <sqlite3.h>

namespace samsynk::store {
namespace {

constexpr const char* epoch_key = "epoch";
constexpr const char* cursor_key = "cursor";

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
        return error_of(exception, file);
    }
}

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
      intents_{*opened_.database} {}

Result<sync::Memory> SqliteStore::load() {
    return guarded(file(), [&] {
        return sync::Memory{.epoch = meta_.get(epoch_key),
                            .cursor = meta_.get(cursor_key),
                            .online = records_.views(),
                            .agreements = agreements_.load(),
                            .claims = claims_.load(),
                            .operations = operations_.load(),
                            .intents = intents_.load()};
    });
}

Result<void> SqliteStore::commit(const sync::Commit& commit) {
    if (commit.empty()) return {};
    return guarded(file(), [&] {
        SQLite::Transaction transaction{*opened_.database, SQLite::TransactionBehavior::IMMEDIATE};
        write(commit);
        transaction.commit();
        // What was written is seldom needed again soon; the cache's pages are better used elsewhere.
        sqlite3_db_release_memory(opened_.database->getHandle());
    });
}

void SqliteStore::write(const sync::Commit& commit) {
    if (commit.new_epoch) {
        meta_.put(epoch_key, *commit.new_epoch);
        meta_.put(cursor_key, {});
        records_.reset_versions();
        operations_.forget_all();
        claims_.forget_all();
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
