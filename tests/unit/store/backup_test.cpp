// Backup and restore: what is copied, what is refused, what a restored state is trusted with.
#include "store/backup.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "store/database.hpp"
#include "store/migrations.hpp"
#include "store/sqlite_store.hpp"

namespace samsynk::store {
namespace {

namespace fs = std::filesystem;

const OrgNumber lindqvist = OrgNumber::parse("556016-0680").value();
const sync::PlaceKey place{"main", "Lindqvist"};

std::string text_of(const fs::path& file) {
    std::stringstream text;
    text << std::ifstream{file, std::ios::binary}.rdbuf();
    return text.str();
}

class BackupTest : public testing::Test {
protected:
    BackupTest() { fs::remove_all(folder); }
    ~BackupTest() override { fs::remove_all(folder); }

    // A state that knows one company whose sides agreed, and a change that was under way.
    void lay_state() {
        const auto store = SqliteStore::open(state);
        ASSERT_TRUE(store.has_value());
        sync::Commit commit;
        commit.new_epoch = "epoch-1";
        commit.cursor = "cursor-9";
        sync::Record record{.company = lindqvist};
        record.version = 3;
        record.preferences = {.send_all_invoices = true, .receive_invoices = false};
        commit.records = {record};
        commit.agreements = {{place, {lindqvist, {.send_all_invoices = true, .receive_invoices = false}}}};
        commit.runs = {{.id = "r-1"}};
        ASSERT_TRUE((*store)->commit(commit).has_value());
    }
    Result<std::optional<fs::path>> restore(const fs::path& file) {
        const int source = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
        auto restored = restore_state(state, source);
        ::close(source);
        return restored;
    }
    sync::Memory memory() {
        const auto store = SqliteStore::open(state);
        return (*store)->load().value();
    }
    std::vector<std::string> names() const {
        std::vector<std::string> all;
        for (const auto& entry : fs::directory_iterator{state}) all.push_back(entry.path().filename());
        std::sort(all.begin(), all.end());
        return all;
    }

    const fs::path folder = fs::temp_directory_path() / ("samsynk-backup-" + std::to_string(::getpid()));
    const fs::path state = folder / "state", copy = folder / "copy.db";
};

TEST_F(BackupTest, IsPrivateAndWhole) {
    lay_state();
    ASSERT_TRUE(copy_closed_state(state, copy).has_value());
    struct stat status {};
    ASSERT_EQ(::stat(copy.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600U);
    SQLite::Database database{copy.string()};
    EXPECT_EQ(database.execAndGet("SELECT count(*) FROM agreements").getInt(), 1);
}

TEST_F(BackupTest, OfAStateInUseNamesWhoHasIt) {
    lay_state();
    const auto open = SqliteStore::open(state);
    const auto copied = copy_closed_state(state, copy);
    ASSERT_TRUE(copied.has_error());
    EXPECT_NE(to_text(copied.error().message).find(std::to_string(::getpid())), std::string::npos);
    EXPECT_FALSE(fs::exists(copy));
    std::ofstream{folder / "any"} << "x";
    EXPECT_TRUE(restore(folder / "any").has_error());
}

TEST_F(BackupTest, OfNoStateIsNone) { EXPECT_EQ(copy_closed_state(state, copy).error().code, Errc::not_found); }

TEST_F(BackupTest, OfADamagedStateIsNoneRatherThanAnEmptyOne) {
    lay_state();
    std::ofstream{state / state_file, std::ios::binary} << "no database any more, but something of a length";
    EXPECT_EQ(copy_closed_state(state, copy).error().code, Errc::state_failed);
    EXPECT_FALSE(fs::exists(copy));
}

TEST_F(BackupTest, WhatWasLeftOverIsClearedAway) {
    lay_state();
    for (const char* name : {"state.db.copying-3", "state.db.restoring", "state.db.restoring-wal"})
        std::ofstream{state / name} << "half of it";
    for (const char* name : {"state.db.copy", "state.db.before-restore-x"}) std::ofstream{state / name} << "a person's";
    ASSERT_TRUE(SqliteStore::open(state).has_value());
    EXPECT_EQ(names(),
              (std::vector<std::string>{"state.db", "state.db.before-restore-x", "state.db.copy", "state.lock"}));
}

TEST_F(BackupTest, OfAnOlderVersionIsBroughtUpAndLeavesNothingElse) {
    lay_state();
    {
        SQLite::Database older{copy.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
        migrate(older, copy, migrations().first(2));
    }
    ASSERT_TRUE(restore(copy).has_value());
    for (const std::string& name : names()) EXPECT_EQ(name.find("restoring"), std::string::npos) << name;
    EXPECT_EQ(memory().agreements.size(), 0U);
}

TEST_F(BackupTest, AStrangersSchemaStaysBehind) {
    lay_state();
    ASSERT_TRUE(copy_closed_state(state, copy).has_value());
    {
        SQLite::Database stranger{copy.string(), SQLite::OPEN_READWRITE};
        std::string table =
            stranger.execAndGet("SELECT sql FROM sqlite_schema WHERE name = 'records' AND type = 'table'").getString();
        stranger.exec("CREATE TEMP TABLE kept AS SELECT * FROM records; DROP TABLE records");
        table.insert(table.rfind(')'), ", CHECK (company <> 'stranger')");
        stranger.exec(table);
        stranger.exec("INSERT INTO records SELECT * FROM temp.kept");
    }
    const auto restored = restore(copy);
    ASSERT_TRUE(restored.has_value()) << to_text(restored.error().message);
    SQLite::Database database{(state / state_file).string(), SQLite::OPEN_READONLY};
    EXPECT_EQ(database.execAndGet("SELECT count(*) FROM sqlite_schema WHERE sql LIKE '%stranger%'").getInt(), 0);
    EXPECT_EQ(database.execAndGet("SELECT count(*) FROM records").getInt(), 1);
}

TEST_F(BackupTest, WhatDoesNotFitIsNoBackup) {
    lay_state();
    ASSERT_TRUE(copy_closed_state(state, copy).has_value());
    SQLite::Database{copy.string(), SQLite::OPEN_READWRITE}.exec(
        "CREATE TRIGGER t AFTER INSERT ON meta BEGIN DELETE FROM records; END");
    EXPECT_EQ(restore(copy).error().code, Errc::bad_file) << "a trigger";
    fs::remove(copy);
    SQLite::Database older{copy.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
    older.exec("PRAGMA application_id = " + std::to_string(application_id) +
               "; PRAGMA user_version = 1; CREATE TABLE x (y)");
    EXPECT_EQ(restore(copy).error().code, Errc::bad_file) << "an older version that lacks what it is brought up from";
}

TEST_F(BackupTest, IsLaidThroughNoLink) {
    lay_state();
    ASSERT_TRUE(copy_closed_state(state, copy).has_value());
    std::ofstream{folder / "of-another"} << "theirs";
    fs::create_symlink(folder / "of-another", state / "state.db.restoring");
    fs::create_symlink(folder / "of-another", state / "state.db.restoring.fresh");
    ASSERT_TRUE(restore(copy).has_value());
    EXPECT_EQ(text_of(folder / "of-another"), "theirs");
}

TEST_F(BackupTest, IdsOfHoldsAreNotGivenAgain) {
    lay_state();
    {
        const auto store = SqliteStore::open(state);
        sync::Commit commit;
        commit.holds = {{.id = "h-7",
                         .kind = sync::HoldKind::base_lost,
                         .installation = "main",
                         .planned = {},
                         .since = {},
                         .rows = {}}};
        ASSERT_TRUE((*store)->commit(commit).has_value());
    }
    ASSERT_TRUE(copy_closed_state(state, copy).has_value());
    ASSERT_TRUE(restore(copy).has_value());
    EXPECT_EQ(memory().last_hold, 1007);
}

TEST_F(BackupTest, RestoredTrustsNothingThatMayHaveChanged) {
    lay_state();
    ASSERT_TRUE(copy_closed_state(state, copy).has_value());
    const auto aside = restore(copy);
    ASSERT_TRUE(aside.has_value()) << to_text(aside.error().message);
    ASSERT_TRUE(aside->has_value());
    EXPECT_TRUE(fs::exists(**aside));
    const sync::Memory restored = memory();
    EXPECT_EQ(restored.epoch, "epoch-1");
    EXPECT_EQ(restored.cursor, "");
    EXPECT_EQ(restored.agreements.size(), 0U);
    EXPECT_TRUE(restored.operations.empty() && restored.intents.empty() && restored.approvals.empty());
    ASSERT_EQ(restored.doubts.size(), 2U);
    for (const auto& [key, doubt] : restored.doubts) EXPECT_EQ(doubt.kind, sync::HoldKind::base_lost);
}

TEST_F(BackupTest, TheStateOfBeforeCanBeRestoredToo) {
    lay_state();
    ASSERT_TRUE(copy_closed_state(state, copy).has_value());
    {
        const auto store = SqliteStore::open(state);
        sync::Commit commit;
        commit.cursor = "cursor-10";
        ASSERT_TRUE((*store)->commit(commit).has_value());
    }
    const auto aside = restore(copy);
    ASSERT_TRUE(aside.has_value() && aside->has_value());
    SQLite::Database before{(*aside)->string()};
    EXPECT_EQ(before.execAndGet("SELECT value FROM meta WHERE name = 'cursor'").getString(), "cursor-10");
    EXPECT_TRUE(restore(**aside).has_value());
}

TEST_F(BackupTest, RestoresWhereThereWasNoState) {
    lay_state();
    ASSERT_TRUE(copy_closed_state(state, copy).has_value());
    fs::remove_all(state);
    const auto aside = restore(copy);
    ASSERT_TRUE(aside.has_value()) << to_text(aside.error().message);
    EXPECT_FALSE(aside->has_value());
    EXPECT_EQ(memory().epoch, "epoch-1");
}

TEST_F(BackupTest, WhatIsNoBackupChangesNothing) {
    lay_state();
    ASSERT_TRUE(copy_closed_state(state, copy).has_value());
    const std::string whole = text_of(copy), before = text_of(state / state_file);
    const auto listed = names();
    const auto refused = [&](const std::string& text, Errc code) {
        std::ofstream{folder / "other", std::ios::binary} << text;
        const auto restored = restore(folder / "other");
        ASSERT_TRUE(restored.has_error());
        EXPECT_EQ(restored.error().code, code) << to_text(restored.error().message);
        EXPECT_TRUE(text_of(state / state_file) == before);
        EXPECT_EQ(names(), listed);
    };
    refused("", Errc::bad_file);
    refused("no database at all, but long enough to have a head of a hundred bytes or more, as each database has",
            Errc::bad_file);
    refused(whole.substr(0, whole.size() / 2), Errc::bad_file);
    std::string damaged = whole;
    damaged.replace(2 * 4096, 100, 100, '\xff');
    refused(damaged, Errc::bad_file);
    {
        SQLite::Database foreign{(folder / "foreign").string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
        foreign.exec("CREATE TABLE t (x); PRAGMA application_id = 7");
    }
    refused(text_of(folder / "foreign"), Errc::bad_file);
    {
        SQLite::Database newer{copy.string(), SQLite::OPEN_READWRITE};
        newer.exec("PRAGMA user_version = " + std::to_string(migrations().size() + 1));
    }
    refused(text_of(copy), Errc::state_newer);
    const auto with_sql = [&](const char* sql) {
        std::ofstream{copy, std::ios::binary} << whole;
        SQLite::Database{copy.string(), SQLite::OPEN_READWRITE}.exec(sql);
        return text_of(copy);
    };
    refused(with_sql("DROP TABLE doubts"), Errc::bad_file);
    refused(with_sql("CREATE TRIGGER more AFTER INSERT ON marks BEGIN DELETE FROM meta; END"), Errc::bad_file);
}

}  // namespace
}  // namespace samsynk::store
