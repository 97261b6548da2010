#include "store/sqlite_store.hpp"

#include <sys/stat.h>

#include <chrono>

#include "unit/store/support.hpp"

namespace samsynk::store {
namespace {

namespace fs = std::filesystem;
using sync::Commit;

std::unique_ptr<SqliteStore> opened(const fs::path& directory) {
    auto store = SqliteStore::open(directory);
    if (store.has_error()) ADD_FAILURE() << to_text(store.error().message) << ": " << store.error().detail;
    return std::move(store.value());
}

unsigned mode_of(const fs::path& file) {
    struct stat status {};
    return ::stat(file.c_str(), &status) == 0 ? status.st_mode & 0777U : 0;
}

std::vector<std::string> names_in(const fs::path& directory) {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator{directory}) names.push_back(entry.path().filename());
    std::sort(names.begin(), names.end());
    return names;
}

struct Page {
    int number, size;
};

Page root_of(const std::string& table, const fs::path& file) {
    SQLite::Database database{file.string(), SQLite::OPEN_READWRITE};
    (void)database.execAndGet("PRAGMA wal_checkpoint(FULL)");
    return {database.execAndGet("SELECT rootpage FROM sqlite_schema WHERE name = '" + table + "'").getInt(),
            database.execAndGet("PRAGMA page_size").getInt()};
}

void damage(const fs::path& file, Page page) {
    std::string content = content_of(file);
    std::fill_n(content.begin() + (page.number - 1) * page.size, page.size, 'x');
    put_content(file, content);
}

TEST(SqliteStore, BeginsEmptyAndRemembersAfterReopening) {
    const Folder folder;
    EXPECT_EQ(opened(folder.path())->load().value(), sync::Memory{});
    ASSERT_TRUE(opened(folder.path())->commit(with_cursor("c-17")).has_value());
    EXPECT_EQ(opened(folder.path())->load().value().cursor, "c-17");
}

TEST(SqliteStore, MakesItsFolderAndKeepsItsFilesPrivate) {
    const Folder folder;
    const auto store = opened(folder / "a" / "b");
    ASSERT_TRUE(store->commit(with_cursor("c")).has_value());
    EXPECT_EQ(mode_of(folder / "a" / "b"), 0700U);
    for (const char* name : {"state.db", "state.db-wal", "state.lock"})
        EXPECT_EQ(mode_of(folder / "a" / "b" / name), 0600U) << name;
}

TEST(SqliteStore, RefusesASecondProcessAndNamesTheFirst) {
    const Folder folder;
    const auto store = opened(folder.path());
    const auto second = SqliteStore::open(folder.path());
    ASSERT_TRUE(second.has_error());
    EXPECT_EQ(second.error().code, Errc::state_failed);
    EXPECT_NE(to_text(second.error().message).find("process " + std::to_string(::getpid())), std::string::npos);
    EXPECT_TRUE(store->commit(with_cursor("c")).has_value());
}

TEST(SqliteStore, EmptyCommitWritesNothing) {
    const Folder folder;
    const auto store = opened(folder.path());
    ASSERT_TRUE(store->commit(with_cursor("c")).has_value());
    const auto file = folder / "state.db";
    const auto log = folder / "state.db-wal";
    const auto before = std::tuple{fs::last_write_time(file), fs::file_size(file), fs::last_write_time(log),
                                   fs::file_size(log), content_of(log)};
    ASSERT_TRUE(store->commit(Commit{}).has_value());
    EXPECT_EQ(before, (std::tuple{fs::last_write_time(file), fs::file_size(file), fs::last_write_time(log),
                                  fs::file_size(log), content_of(log)}));
}

TEST(SqliteStore, KeepsWhyARecordWasSetAside) {
    const Folder folder;
    sync::Record record{.company = company(), .version = 3, .name = "Lindqvist Bygg AB"};
    record.problem = fail(Errc::bad_record, "{field} is {value}", {{"field", "function"}, {"value", "ny:värde"}}, "d");
    Commit commit;
    commit.records = {record};
    ASSERT_TRUE(opened(folder.path())->commit(commit).has_value());
    const auto store = opened(folder.path());
    EXPECT_EQ(store->records({company(1), company()}).value(), std::vector{record});
    EXPECT_TRUE(store->load().value().online.at(company()).problem);
}

TEST(SqliteStore, LeavesOutRecordsThatAreGone) {
    const Folder folder;
    const auto store = opened(folder.path());
    Commit commit;
    commit.records = {{.company = company(), .version = 1}, {.company = company(1), .version = 1}};
    commit.missing = {company()};
    ASSERT_TRUE(store->commit(commit).has_value());
    const auto left = store->records({company(), company(1)}).value();
    ASSERT_EQ(left.size(), 1U);
    EXPECT_EQ(left[0].company, company(1));
}

TEST(SqliteStore, SetsADamagedFileAside) {
    const Folder folder;
    put_content(folder / "state.db", "<html>not a database, but long enough to look like a file</html>");
    const auto store = opened(folder.path());
    ASSERT_TRUE(store->set_aside().has_value());
    EXPECT_TRUE(store->set_aside()->filename().string().starts_with("state.db.corrupt-"));
    EXPECT_EQ(content_of(*store->set_aside()).substr(0, 6), "<html>");
    EXPECT_EQ(store->load().value(), sync::Memory{});
    EXPECT_TRUE(store->commit(with_cursor("c")).has_value());
}

TEST(SqliteStore, SetsAFileWithADamagedPageAside) {
    const Folder folder;
    Commit commit;
    for (int n = 0; n < 2000; ++n) commit.operations.push_back({std::to_string(n), "i", company(), n, {true, {}}});
    ASSERT_TRUE(opened(folder.path())->commit(commit).has_value());
    std::string content = content_of(folder / "state.db");
    ASSERT_GT(content.size(), 40000U);
    std::fill(content.begin() + 8192, content.end(), 'x');
    put_content(folder / "state.db", content);
    const auto store = opened(folder.path());
    ASSERT_TRUE(store->set_aside().has_value());
    EXPECT_EQ(content_of(*store->set_aside()), content);
    EXPECT_FALSE(opened(folder / "other")->set_aside().has_value());
}

// The history decides nothing, so it is not looked through at each start: damage in it shows when it is read.
TEST(SqliteStore, DamageOfTheHistoryIsFoundAtTheStartAfterItShowed) {
    const Folder folder;
    Commit commit = with_cursor("c");
    commit.runs.push_back({.id = "r-1", .trigger = "manual", .started_at = Time{std::chrono::hours{1}}});
    ASSERT_TRUE(opened(folder.path())->commit(commit).has_value());
    damage(folder / "state.db", root_of("runs", folder / "state.db"));
    const std::string content = content_of(folder / "state.db");
    {
        const auto store = opened(folder.path());
        EXPECT_FALSE(store->set_aside().has_value());
        EXPECT_EQ(store->load().value().cursor, "c");
        EXPECT_EQ(store->history({}).error().code, Errc::state_failed);
    }
    EXPECT_EQ(content_of(opened(folder.path())->set_aside().value()), content);
    EXPECT_FALSE(opened(folder.path())->set_aside().has_value());
}

TEST(SqliteStore, AfterACrashAllIsLookedThrough) {
    const Folder source, folder;
    const auto store = opened(source.path());
    ASSERT_TRUE(store->commit(with_cursor("c")).has_value());
    const Page history = root_of("changes", source / "state.db");
    ASSERT_TRUE(store->commit(with_cursor("d")).has_value());
    for (const char* name : {"state.db", "state.db-wal"}) fs::copy_file(source / name, folder / name);
    damage(folder / "state.db", history);
    EXPECT_TRUE(opened(folder.path())->set_aside().has_value());
}

TEST(SqliteStore, RefusesANewerStateAndChangesNothing) {
    const Folder folder;
    ASSERT_TRUE(opened(folder.path())->commit(with_cursor("c")).has_value());
    SQLite::Database{(folder / "state.db").string(), SQLite::OPEN_READWRITE}.exec("PRAGMA user_version = 4711");
    const auto names = names_in(folder.path());
    const auto before = content_of(folder / "state.db");
    const auto store = SqliteStore::open(folder.path());
    ASSERT_TRUE(store.has_error());
    EXPECT_EQ(store.error().code, Errc::state_newer);
    EXPECT_NE(to_text(store.error().message).find("4711"), std::string::npos);
    EXPECT_EQ(content_of(folder / "state.db"), before);
    EXPECT_EQ(names_in(folder.path()), names);
}

TEST(SqliteStore, RefusesANewerStateThatWasCutOffAndKeepsItsLog) {
    const Folder source;
    const Folder folder;
    const auto newer = opened(source.path());
    SQLite::Database{(source / "state.db").string(), SQLite::OPEN_READWRITE}.exec("PRAGMA user_version = 4711");
    for (const char* name : {"state.db", "state.db-wal"}) fs::copy_file(source / name, folder / name);
    const auto log = content_of(folder / "state.db-wal");
    ASSERT_FALSE(log.empty());
    EXPECT_EQ(SqliteStore::open(folder.path()).error().code, Errc::state_newer);
    EXPECT_EQ(content_of(folder / "state.db-wal"), log);
    EXPECT_EQ(content_of(folder / "state.db"), content_of(source / "state.db"));
}

TEST(SqliteStore, GoesOnAfterAKill) {
    const Folder source;
    const Folder folder;
    const auto store = opened(source.path());
    ASSERT_TRUE(store->commit(with_cursor("c-1")).has_value());
    ASSERT_TRUE(store->commit(with_cursor("c-2")).has_value());
    for (const char* name : {"state.db", "state.db-wal"}) fs::copy_file(source / name, folder / name);
    EXPECT_EQ(opened(folder.path())->load().value().cursor, "c-2");
}

TEST(SqliteStore, RefusesAnotherProgramsDatabase) {
    const Folder folder;
    SQLite::Database{(folder / "state.db").string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE}.exec(
        "CREATE TABLE books (id INTEGER)");
    const auto before = content_of(folder / "state.db");
    EXPECT_EQ(SqliteStore::open(folder.path()).error().code, Errc::state_failed);
    EXPECT_EQ(content_of(folder / "state.db"), before);
}

TEST(SqliteStore, NamesAFolderThatCanNotBeMade) {
    const Folder folder;
    put_content(folder / "file", "");
    const auto store = SqliteStore::open(folder / "file" / "state");
    ASSERT_TRUE(store.has_error());
    EXPECT_EQ(store.error().code, Errc::state_failed);
    EXPECT_NE(to_text(store.error().message).find((folder / "file").string()), std::string::npos);
}

TEST(SqliteStore, AFailedCommitLeavesNothingBehind) {
    const Folder folder;
    const auto store = opened(folder.path());
    ASSERT_TRUE(store->commit(with_cursor("before")).has_value());
    SQLite::Database other{(folder / "state.db").string(), SQLite::OPEN_READWRITE};
    other.exec("CREATE TRIGGER refuse BEFORE INSERT ON agreements BEGIN SELECT RAISE(ABORT, 'no'); END");
    Commit commit = with_cursor("after");
    commit.agreements = {{{"main", "a"}, {company(), {}}}};
    const auto failed = store->commit(commit);
    ASSERT_TRUE(failed.has_error());
    EXPECT_EQ(failed.error().code, Errc::state_failed);
    EXPECT_EQ(store->load().value().cursor, "before");
    other.exec("DROP TRIGGER refuse");
    EXPECT_TRUE(store->commit(commit).has_value());
    EXPECT_EQ(store->load().value().cursor, "after");
}

TEST(SqliteStore, TenThousandAgreementsAreQuick) {
    const Folder folder;
    const auto store = opened(folder.path());
    Commit commit;
    for (int n = 0; n < 10000; ++n) commit.agreements.push_back({{"main", std::to_string(n)}, {company(), {true, {}}}});
    const auto begin = std::chrono::steady_clock::now();
    ASSERT_TRUE(store->commit(commit).has_value());
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds{3});
    EXPECT_EQ(store->load().value().agreements.size(), 10000U);
}

}  // namespace
}  // namespace samsynk::store
