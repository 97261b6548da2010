#include "store/migrations.hpp"

#include <array>

#include "store/sqlite_store.hpp"
#include "unit/store/support.hpp"

namespace samsynk::store {
namespace {

constexpr std::array steps{Migration{"CREATE TABLE one (a TEXT)"}, Migration{"ALTER TABLE one ADD COLUMN b TEXT"},
                           Migration{"CREATE TABLE three (a TEXT)"}};

int version_of(SQLite::Database& database) { return database.execAndGet("PRAGMA user_version").getInt(); }

SQLite::Database open_for(const std::filesystem::path& file) {
    return SQLite::Database{file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
}

TEST(Migrations, BringAnEmptyFileToThePresentVersionWithoutACopy) {
    const Folder folder;
    put_content(folder / "state.db", "");
    ASSERT_TRUE(SqliteStore::open(folder.path()).has_value());
    auto database = open_for(folder / "state.db");
    EXPECT_EQ(version_of(database), static_cast<int>(migrations().size()));
    EXPECT_EQ(database.execAndGet("PRAGMA application_id").getInt(), application_id);
    EXPECT_EQ(database.execAndGet("PRAGMA journal_mode").getString(), "wal");
    EXPECT_FALSE(std::filesystem::exists(folder / "state.db.before-1"));
}

TEST(Migrations, CopyAnOlderFileAsideFirst) {
    const Folder folder;
    auto database = open_for(folder / "state.db");
    migrate(database, folder / "state.db", std::span{steps}.first(1));
    database.exec("INSERT INTO one (a) VALUES ('kept')");
    migrate(database, folder / "state.db", steps);
    EXPECT_EQ(version_of(database), 3);
    EXPECT_EQ(database.execAndGet("SELECT a FROM one").getString(), "kept");
    auto copy = open_for(folder / "state.db.before-2");
    EXPECT_EQ(version_of(copy), 1);
    EXPECT_EQ(copy.execAndGet("SELECT a FROM one").getString(), "kept");
    EXPECT_EQ(copy.execAndGet("SELECT count(*) FROM pragma_table_info('one')").getInt(), 1);
}

TEST(Migrations, AStepThatFailsLeavesTheVersionBeforeIt) {
    const Folder folder;
    auto database = open_for(folder / "state.db");
    const std::array broken{steps[0], Migration{"CREATE TABLE two (a TEXT); SELECT nonsense FROM nowhere"}};
    EXPECT_THROW(migrate(database, folder / "state.db", broken), SQLite::Exception);
    EXPECT_EQ(version_of(database), 1);
    EXPECT_FALSE(database.tableExists("two"));
}

TEST(Migrations, AnOlderCopyGivesWay) {
    const Folder folder;
    put_content(folder / "state.db.before-2", "left from an attempt that was cut off");
    auto database = open_for(folder / "state.db");
    migrate(database, folder / "state.db", std::span{steps}.first(1));
    migrate(database, folder / "state.db", steps);
    auto copy = open_for(folder / "state.db.before-2");
    EXPECT_EQ(version_of(copy), 1);
}

TEST(Migrations, DoNothingWhereNothingIsMissing) {
    const Folder folder;
    auto database = open_for(folder / "state.db");
    migrate(database, folder / "state.db", steps);
    const auto before = content_of(folder / "state.db");
    migrate(database, folder / "state.db", steps);
    EXPECT_EQ(content_of(folder / "state.db"), before);
}

}  // namespace
}  // namespace samsynk::store
