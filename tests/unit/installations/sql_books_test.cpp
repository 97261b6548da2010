// What can go wrong at a database, on SQLite; the contract suite tells what must go right.
#include "installations/sql/sql_books.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace samsynk::installations {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

const OrgNumber bakery = OrgNumber::parse("5560160680").value();

std::string mapping_with(const std::string& write) {
    return "program: made-up\ndatabases: [sqlite]\ncompanies: SELECT place, number, name, s AS send_all_invoices, r AS "
           "receive_invoices, NULL AS collaboration_revision FROM c\nwrite_send_all_invoices: " +
           write + "\nprepare: |\n  CREATE TABLE IF NOT EXISTS extra (x);\ngrants: |\n  GRANT SELECT ON c TO {user};\n";
}
constexpr const char* good_write = "UPDATE c SET s = :to WHERE place = :place AND s IS :from";

class SqlBooksTest : public testing::Test {
protected:
    void SetUp() override {
        std::string name = fs::temp_directory_path() / "samsynk-sql-XXXXXX";
        folder_ = ::mkdtemp(name.data());
        session_ = std::make_unique<soci::session>("sqlite3", "dbname=" + file().string());
        *session_ << "CREATE TABLE c (place TEXT, number TEXT, name TEXT, s BOOLEAN, r BOOLEAN)";
        *session_ << "INSERT INTO c VALUES ('a', '556016-0680', 'A', NULL, 1), ('b', '556036-0793', 'B', 0, NULL)";
    }
    void TearDown() override {
        session_.reset();
        fs::remove_all(folder_);
    }

    fs::path file() const { return folder_ / "books.db"; }
    SqlBooks books(const std::string& mapping = mapping_with(good_write)) const {
        return SqlBooks{{.type = DatabaseType::sqlite, .path = file(), .patience = std::chrono::seconds{1}},
                        parse_mapping(mapping, "made-up.yaml").value()};
    }
    static Result<void> write(SqlBooks& books, sync::Choice from, bool to) {
        return books.write_preferences({{"a", bakery, sync::Preference::send_all_invoices, from, to}}).front();
    }
    std::string value() {
        std::string text;
        soci::indicator is{};
        *session_ << "SELECT s FROM c WHERE place = 'a'", soci::into(text, is);
        return is == soci::i_null ? "NULL" : text;
    }

    fs::path folder_;
    std::unique_ptr<soci::session> session_;
};

TEST_F(SqlBooksTest, AFileThatIsNotThereIsOfflineAndIsNotMade) {
    fs::remove(file());
    SqlBooks gone = books();
    EXPECT_EQ(gone.scan().error().code, Errc::installation_offline);
    EXPECT_FALSE(fs::exists(file()));
}

TEST_F(SqlBooksTest, AMappingThatDoesNotFitIsToldBeforeAnythingIsWritten) {
    SqlBooks wrong = books(mapping_with("UPDATE c SET no_such_column = :to WHERE place = :place"));
    const auto found = wrong.scan();
    ASSERT_TRUE(found.has_error());
    EXPECT_EQ(found.error().code, Errc::installation_offline);
    EXPECT_THAT(to_text(found.error().message), HasSubstr("write_send_all_invoices"));
    EXPECT_THAT(to_text(found.error().message), HasSubstr("no_such_column"));
    std::string columns = mapping_with(good_write);
    columns.replace(columns.find(" AS send_all_invoices"), 21, "");
    SqlBooks lacking = books(columns);
    EXPECT_THAT(to_text(lacking.scan().error().message), HasSubstr("send_all_invoices"));
}

TEST_F(SqlBooksTest, AStatementThatWouldChangeMoreThanOneRowChangesNone) {
    SqlBooks wide = books(mapping_with("UPDATE c SET s = :to"));
    const auto done = write(wide, std::nullopt, true);
    ASSERT_TRUE(done.has_error());
    EXPECT_THAT(to_text(done.error().message), HasSubstr("2 rows"));
    EXPECT_EQ(value(), "NULL");
}

TEST_F(SqlBooksTest, AFileThatWasReplacedIsOpenedAnew) {
    SqlBooks mine = books();
    ASSERT_TRUE(mine.scan().has_value());
    for (const bool writes : {false, true}) {
        const fs::path restored = folder_ / "restored.db";
        fs::copy_file(file(), restored);
        {
            soci::session other{"sqlite3", "dbname=" + restored.string()};
            other << "UPDATE c SET name = 'Återställd', s = NULL";
        }
        fs::rename(restored, file());
        if (writes)
            EXPECT_TRUE(write(mine, std::nullopt, true).has_value());
        else
            EXPECT_EQ(mine.scan().value().front()->name, "Återställd");
    }
    session_ = std::make_unique<soci::session>("sqlite3", "dbname=" + file().string());
    EXPECT_EQ(value(), "1") << "written where the program looks";
    fs::remove(file());
    EXPECT_EQ(mine.scan().error().code, Errc::installation_offline);
    EXPECT_FALSE(fs::exists(file()));
}

TEST_F(SqlBooksTest, WhatIsLockedIsBusyAndItsTimeIsBounded) {
    SqlBooks mine = books();
    ASSERT_TRUE(mine.scan().has_value());
    *session_ << "BEGIN IMMEDIATE";
    const auto began = std::chrono::steady_clock::now();
    EXPECT_EQ(write(mine, std::nullopt, true).error().code, Errc::busy);
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds{5});
    *session_ << "ROLLBACK";
    EXPECT_TRUE(write(mine, std::nullopt, true).has_value()) << "and afterwards all is well";
    EXPECT_EQ(value(), "1");
}

TEST_F(SqlBooksTest, WhatTheProgramHasForItselfIsLetBeAndNotForgotten) {
    *session_ << "CREATE TABLE held (who TEXT)";
    const std::string mapping = mapping_with(good_write) + "busy: SELECT 1 FROM held\n";
    SqlBooks mine = books(mapping), fresh = books(mapping);
    ASSERT_EQ(mine.scan().value().size(), 2U);
    *session_ << "INSERT INTO held VALUES ('them')";
    // They wait for no one: not even a reader's lock may stand in their way.
    *session_ << "BEGIN EXCLUSIVE";
    const auto found = mine.scan();
    ASSERT_EQ(found.value().size(), 2U) << "the same companies as before";
    EXPECT_EQ(found.value()[0]->trouble->code, Errc::busy);
    EXPECT_EQ(found.value()[0]->company, bakery);
    EXPECT_EQ(write(mine, std::nullopt, true).error().code, Errc::busy);
    EXPECT_EQ(mine.read("a").error().code, Errc::busy);
    EXPECT_EQ(mine.prepare(true).error().code, Errc::busy);
    EXPECT_TRUE(mine.test().front().trouble);
    EXPECT_EQ(fresh.scan().error().code, Errc::installation_offline) << "nothing is known of it yet";
    *session_ << "COMMIT";
    *session_ << "DELETE FROM held";
    EXPECT_FALSE(mine.scan().value()[0]->trouble);
    EXPECT_TRUE(write(mine, std::nullopt, true).has_value());
}

TEST_F(SqlBooksTest, AFileMayBeCalledAnything) {
    const fs::path odd = folder_ / "Åkeri & Söner 100 %41 #1 ?x=y.db";
    session_.reset();
    fs::rename(file(), odd);
    SqlBooks mine{
        {.type = DatabaseType::sqlite, .path = odd},
        parse_mapping(mapping_with(good_write) + "busy: SELECT 1 FROM c WHERE place = 'none'\n", "m").value()};
    EXPECT_EQ(mine.scan().value().size(), 2U);
    EXPECT_TRUE(write(mine, std::nullopt, true).has_value());
    fs::rename(odd, file());
}

TEST_F(SqlBooksTest, WhatTheMappingCannotWriteIsSaid) {
    SqlBooks mine = books();
    const auto results = mine.write_preferences({{"a", bakery, sync::Preference::receive_invoices, true, false}});
    EXPECT_EQ(results.front().error().code, Errc::write_failed);
    EXPECT_THAT(to_text(results.front().error().message), HasSubstr("write_receive_invoices"));
}

TEST_F(SqlBooksTest, ANumberThatIsAnotherThanWhenItWasReadIsNotWrittenFor) {
    SqlBooks mine = books();
    *session_ << "UPDATE c SET number = '212000-0142' WHERE place = 'a'";
    EXPECT_EQ(write(mine, std::nullopt, true).error().code, Errc::changed_meanwhile);
    EXPECT_EQ(value(), "NULL");
}

TEST_F(SqlBooksTest, ATrialWritesAndTakesItBack) {
    SqlBooks mine = books();
    bool tried = false;
    for (const auto& probe : mine.test()) tried = tried || to_text(probe.what).find("taken back") != std::string::npos;
    EXPECT_TRUE(tried);
    EXPECT_EQ(value(), "NULL");
}

TEST_F(SqlBooksTest, PreparesOnlyWhenAsked) {
    SqlBooks mine = books();
    const auto shown = mine.prepare(false);
    EXPECT_THAT(shown->text, HasSubstr("CREATE TABLE IF NOT EXISTS extra"));
    EXPECT_THAT(shown->text, HasSubstr("TO \"samsynk\""));
    int count = -1;
    *session_ << "SELECT count(*) FROM sqlite_master WHERE name = 'extra'", soci::into(count);
    EXPECT_EQ(count, 0);
    EXPECT_TRUE(mine.prepare(true)->applied);
    EXPECT_TRUE(mine.prepare(true)->applied) << "twice does no harm";
    *session_ << "SELECT count(*) FROM sqlite_master WHERE name = 'extra'", soci::into(count);
    EXPECT_EQ(count, 1);
}

TEST_F(SqlBooksTest, ReadsTenThousandCompanies) {
    *session_ << "DELETE FROM c";
    *session_ << "BEGIN";
    std::uint64_t digits = 5561000000;
    for (int i = 0; i < 10'000; ++digits)
        if (OrgNumber::of(digits)) {
            const std::string place = std::to_string(++i), number = std::to_string(digits);
            *session_ << "INSERT INTO c VALUES (:p, :n, 'X', 1, 0)", soci::use(place), soci::use(number);
        }
    *session_ << "COMMIT";
    SqlBooks mine = books();
    EXPECT_EQ(mine.scan().value().size(), 10'000U);
}

}  // namespace
}  // namespace samsynk::installations
