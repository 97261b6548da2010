// What is found of a state by someone who only looks: nothing of it may be made or changed.
#include "store/check_state.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <map>

#include "store/database.hpp"
#include "store/sqlite_store.hpp"
#include "unit/store/support.hpp"

namespace samsynk::store {
namespace {

namespace fs = std::filesystem;

std::map<std::string, std::string> all_in(const fs::path& folder) {
    std::map<std::string, std::string> all;
    for (const auto& entry : fs::directory_iterator{folder})
        all[entry.path().filename()] =
            content_of(entry.path()) + std::to_string(fs::last_write_time(entry).time_since_epoch().count());
    return all;
}

void lay_state(const fs::path& folder) {
    const auto store = SqliteStore::open(folder);
    sync::Commit commit;
    commit.cursor = "c";
    ASSERT_TRUE((*store)->commit(commit).has_value());
}

void change(const fs::path& folder, const char* sql) {
    SQLite::Database{(folder / "state.db").string(), SQLite::OPEN_READWRITE}.exec(sql);
}

// Looked at, and as it was before.
Result<StateFound> look_at(const fs::path& folder) {
    const auto before = all_in(folder);
    auto found = check_state(folder);
    EXPECT_EQ(all_in(folder), before);
    return found;
}

TEST(CheckState, AWholeOne) {
    const Folder folder;
    lay_state(folder.path());
    EXPECT_EQ(look_at(folder.path()).value(), StateFound::whole);
}

TEST(CheckState, None) {
    const Folder folder;
    EXPECT_EQ(look_at(folder.path()).value(), StateFound::none);
    EXPECT_EQ(check_state(folder / "nowhere").value(), StateFound::none);
    EXPECT_FALSE(fs::exists(folder / "nowhere"));
}

TEST(CheckState, ThatOfARunningDaemonIsLeftAlone) {
    const Folder folder;
    const auto store = SqliteStore::open(folder.path());
    put_content(folder / "state.db", "no database, or half of one");
    EXPECT_EQ(look_at(folder.path()).value(), StateFound::in_use);
}

TEST(CheckState, OfANewerVersion) {
    const Folder folder;
    lay_state(folder.path());
    change(folder.path(), "PRAGMA user_version = 4711");
    const auto found = look_at(folder.path());
    EXPECT_EQ(found.error().code, Errc::state_newer);
    EXPECT_NE(to_text(found.error().message).find("4711"), std::string::npos);
}

TEST(CheckState, OfAnotherProgram) {
    const Folder folder;
    lay_state(folder.path());
    change(folder.path(), "PRAGMA application_id = 7");
    EXPECT_NE(to_text(look_at(folder.path()).error().message).find("another program"), std::string::npos);
}

TEST(CheckState, NoDatabaseAtAll) {
    const Folder folder;
    put_content(folder / "state.db", std::string(10'000, 'x'));
    const auto found = look_at(folder.path());
    EXPECT_EQ(found.error().code, Errc::state_failed);
    EXPECT_NE(to_text(found.error().message).find("damaged"), std::string::npos);
}

TEST(CheckState, DamageInTheHistoryToo) {
    const Folder folder;
    lay_state(folder.path());
    int page = 0, size = 0;
    {
        SQLite::Database database{(folder / "state.db").string(), SQLite::OPEN_READWRITE};
        page = database.execAndGet("SELECT rootpage FROM sqlite_schema WHERE name = 'runs'").getInt();
        size = database.execAndGet("PRAGMA page_size").getInt();
    }
    std::string content = content_of(folder / "state.db");
    std::fill_n(content.begin() + (page - 1) * size, size, 'x');
    put_content(folder / "state.db", content);
    EXPECT_NE(to_text(look_at(folder.path()).error().message).find("damaged"), std::string::npos);
}

TEST(CheckState, WhatACrashLeftInTheLogCounts) {
    const Folder source, folder;
    lay_state(source.path());
    const auto store = SqliteStore::open(source.path());
    SQLite::Database{(source / "state.db").string(), SQLite::OPEN_READWRITE}.exec("PRAGMA user_version = 4711");
    for (const char* name : {"state.db", "state.db-wal"}) fs::copy_file(source / name, folder / name);
    ASSERT_GT(fs::file_size(folder / "state.db-wal"), 0U);
    EXPECT_EQ(look_at(folder.path()).error().code, Errc::state_newer) << "it stands in the log only";
}

TEST(CheckState, APathWithAnythingInIt) {
    const Folder folder;
    lay_state(folder / "å ?mode=memory#%41&x");
    change(folder / "å ?mode=memory#%41&x", "PRAGMA user_version = 4711");
    EXPECT_EQ(look_at(folder / "å ?mode=memory#%41&x").error().code, Errc::state_newer);
}

}  // namespace
}  // namespace samsynk::store
