#include "support/sql_disk.hpp"

#include <sqlite3.h>

#include <cstring>
#include <stdexcept>

#include "store/tables.hpp"

namespace samsynk::support {
namespace {

constexpr const char* name = "state in memory";

std::unique_ptr<SQLite::Database> in_memory() {
    return std::make_unique<SQLite::Database>(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
}

std::vector<unsigned char> bytes_of(SQLite::Database& database) {
    sqlite3_int64 size = 0;
    unsigned char* raw = sqlite3_serialize(database.getHandle(), "main", &size, 0);
    if (!raw) throw std::runtime_error{"the state could not be copied"};
    std::vector<unsigned char> bytes(raw, raw + size);
    sqlite3_free(raw);
    return bytes;
}

void take_bytes(SQLite::Database& database, const std::vector<unsigned char>& bytes) {
    auto* raw = static_cast<unsigned char*>(sqlite3_malloc64(bytes.size()));
    if (!raw) throw std::bad_alloc{};
    std::memcpy(raw, bytes.data(), bytes.size());
    const auto size = static_cast<sqlite3_int64>(bytes.size());
    if (sqlite3_deserialize(database.getHandle(), "main", raw, size, size,
                            SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE) != SQLITE_OK)
        throw std::runtime_error{"the state could not be put back"};
}

Error broken() { return fail(Errc::state_failed, "the disk failed"); }

}  // namespace

SqlDisk::SqlDisk() { lose(); }
SqlDisk::~SqlDisk() = default;

// The migrations run once; every story begins with a copy of what they leave.
const std::vector<unsigned char>& SqlDisk::empty_state() {
    static const std::vector<unsigned char> empty = [] {
        const auto database = in_memory();
        if (store::make_ready(*database, name).has_error()) throw std::runtime_error{"the migrations failed"};
        return bytes_of(*database);
    }();
    return empty;
}

void SqlDisk::open(const std::vector<unsigned char>& bytes) {
    auto database = in_memory();
    take_bytes(*database, bytes);
    if (store::make_ready(*database, name).has_error()) throw std::runtime_error{"the state could not be opened"};
    statements_.reset();
    store_.reset();
    database_ = database.get();
    store_ = std::make_unique<store::SqliteStore>(
        store::Opened{.lock = {}, .database = std::move(database), .file = name, .set_aside = {}});
    statements_ = std::make_unique<store::Statements>(*database_);
    fill(full_);
}

void SqlDisk::lose() { open(empty_state()); }
void SqlDisk::reopen() { open(bytes_of(*database_)); }

void SqlDisk::fill(bool full) {
    full_ = full;
    const auto pages = full ? database_->execAndGet("PRAGMA page_count").getInt() : 1'000'000;
    database_->execAndGet("PRAGMA max_page_count = " + std::to_string(pages));
}

sync::Memory SqlDisk::memory() { return store_->load().value(); }
std::vector<sync::Operation> SqlDisk::journal() { return store::load_operations(*statements_); }

Result<void> SqlDisk::commit_in_vain(const sync::Commit& commit) {
    sqlite3_commit_hook(
        database_->getHandle(), [](void*) { return 1; }, nullptr);
    const auto result = store_->commit(commit);
    sqlite3_commit_hook(database_->getHandle(), nullptr, nullptr);
    if (result.has_value()) throw std::logic_error{"a transaction that was undone is told as kept"};
    return result;
}

agent::Async<sync::Memory> SqlStore::load() {
    const Fate fate = co_await gate_.pass("load");
    co_await gate_.settle(fate);
    if (fate != Fate::go_on) co_return broken();
    co_return disk_.store().load();
}

agent::Async<> SqlStore::commit(sync::Commit commit) {
    const Fate fate = co_await gate_.pass("commit");
    if (commit.empty()) co_return Result<void>{};
    ++disk_.commits;
    // A transaction that was told to have failed was rolled back: there is no lost answer here.
    const bool kept = fate == Fate::go_on || fate == Fate::do_then_crash;
    const auto result = kept ? disk_.store().commit(commit) : disk_.commit_in_vain(commit);
    co_await gate_.settle(fate);
    co_return result;
}

agent::Async<std::vector<sync::Record>> SqlStore::records(std::vector<OrgNumber> companies) {
    const Fate fate = co_await gate_.pass("records");
    co_await gate_.settle(fate);
    if (fate != Fate::go_on) co_return broken();
    co_return disk_.store().records(companies);
}

agent::Async<std::vector<sync::HistoryEntry>> SqlStore::history(sync::HistoryQuery query) {
    const Fate fate = co_await gate_.pass("history");
    co_await gate_.settle(fate);
    if (fate != Fate::go_on) co_return broken();
    co_return disk_.store().history(query);
}

}  // namespace samsynk::support
