#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "installations/sql/database.hpp"
#include "installations/sql/mapping.hpp"
#include "installations/sql/sql_rows.hpp"

namespace samsynk::installations {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(SqlText, FindsParametersOutsideOfQuotesCommentsAndCasts) {
    const auto text = read_sql(
        "SELECT a::text, ':no', \"b\" -- :nor :this\n FROM t /* :nor that */ WHERE c = :place AND d = :from OR e = "
        ":place ;  \n",
        "s");
    ASSERT_TRUE(text.has_value());
    EXPECT_THAT(text->parameters, ElementsAre("place", "from"));
    EXPECT_THAT(text->sql, testing::Not(HasSubstr("nor")));
    EXPECT_FALSE(text->sql.ends_with(";"));
}

TEST(SqlText, GivesEachPlaceOfAParameterANumber) {
    const auto text =
        read_sql("UPDATE t SET a = :to, b = ':to it''s :to', c = x::int WHERE p = :place AND :to = :place", "s");
    const NumberedSql all = numbered(text.value());
    EXPECT_EQ(all.sql, "UPDATE t SET a = :p0, b = ':to it''s :to', c = x::int WHERE p = :p1 AND :p2 = :p3");
    EXPECT_THAT(all.parameters, testing::ElementsAre("to", "place", "to", "place"));
}

TEST(SqlText, RefusesWhatIsNotOneStatement) {
    for (const char* bad : {"", "  -- nothing\n", "SELECT 1; DROP TABLE t", "SELECT 'open", "SELECT 1 /* open",
                            "SELECT \"a:b\"", "SELECT 'a\\' || :x", "SELECT 1; 'x'"})
        EXPECT_EQ(read_sql(bad, "s").error().code, Errc::bad_file) << bad;
}

TEST(SqlText, SplitsAScriptAtSemicolonsThatEndALine) {
    EXPECT_THAT(statements_of("-- first\nCREATE TABLE a (\n  x text DEFAULT 'a;b'\n);\n\nGRANT x;\nlast"),
                ElementsAre("CREATE TABLE a (\n  x text DEFAULT 'a;b'\n)\n", "GRANT x\n", "last\n"));
    EXPECT_THAT(statements_of("\n-- nothing\n"), IsEmpty());
}

constexpr const char* good = R"(program: made-up
databases: [sqlite]
companies: SELECT place, number, name, send_all_invoices, receive_invoices, told AS collaboration_revision FROM c
write_send_all_invoices: UPDATE c SET s = :to WHERE place = :place AND s IS :from
write_receive_invoices: [UPDATE c SET r = :to WHERE place = :place AND r IS :from]
write_collaboration: UPDATE c SET told = :collaboration_revision WHERE place = :place
)";

TEST(Mapping, ReadsOneStatementOrAList) {
    const auto mapping = parse_mapping(good, "m.yaml");
    ASSERT_TRUE(mapping.has_value()) << to_text(mapping.error().message);
    EXPECT_EQ(mapping->program, "made-up");
    EXPECT_EQ(mapping->writing(sync::Preference::receive_invoices).size(), 1U);
    EXPECT_FALSE(mapping->mark);
}

TEST(Mapping, NamesFileLineAndWhatIsWrong) {
    const auto with = [](const std::string& from, const std::string& to) {
        std::string text = good;
        text.replace(text.find(from), from.size(), to);
        return text;
    };
    const std::vector<std::pair<std::string, std::string>> cases{
        {with("program: made-up", "program: Made Up"), "line 1"},
        {with("[sqlite]", "[oracle]"), "line 2"},
        {with("[sqlite]", "sqlite"), "line 2"},
        {with(":from\nwrite_receive", ":form\nwrite_receive"), "“:form”"},
        {with("write_collaboration", "write_colaboration"), "line 6"},
        {with("SET told = :collaboration_revision", "SET told = :name"), ":collaboration_revision"},
        {with("companies: SELECT", "companies: -- SELECT"), "empty"},
        {with("SET told = :collaboration_revision", "SET told = :told"), "called “:collaboration_revision” now"},
        {with("told AS collaboration_revision", "told"), "called “collaboration_revision” now"},
        {good + std::string{"mark: SELECT 1\n"}, "“mark” is called “marker” now"},
        {good + std::string{"leave_mark: UPDATE m SET m = :marker\n"}, "“leave_mark” is called “write_marker” now"},
        {good + std::string{"write_marker: UPDATE m SET m = :mark\n"}, "called “:marker” now"},
        {good + std::string{"program: twice\n"}, "twice"},
        {"- a list\n", "a mapping holds"},
        {"", "a mapping holds"},
        {"program: [", "YAML"}};
    for (const auto& [text, says] : cases) {
        const auto mapping = parse_mapping(text, "/etc/samsynk/m.yaml");
        ASSERT_TRUE(mapping.has_error()) << says;
        EXPECT_EQ(mapping.error().code, Errc::bad_settings);
        EXPECT_THAT(to_text(mapping.error().message), HasSubstr("/etc/samsynk/m.yaml"));
        EXPECT_THAT(to_text(mapping.error().message), HasSubstr(says));
    }
}

TEST(Mapping, TheOnesThatAreShippedAreRead) {
    int count = 0;
    for (const auto& entry :
         std::filesystem::directory_iterator{std::string{SAMSYNK_SOURCE_DIR} + "/config/mappings"}) {
        const auto mapping = load_mapping(entry.path());
        EXPECT_TRUE(mapping.has_value()) << entry.path() << to_text(mapping.error().message);
        ++count;
    }
    EXPECT_GE(count, 4);
}

TEST(Database, APasswordOrNameCannotLeaveItsPlaceInTheConnectText) {
    DatabaseAddress address{.type = DatabaseType::postgresql,
                            .host = "db.example",
                            .name = "my books' sslmode='disable",
                            .user = "samsynk"};
    const std::string text = connect_text(address, "p'w\\d host='evil");
    EXPECT_THAT(text, HasSubstr("password='p\\'w\\\\d host=\\'evil'"));
    EXPECT_THAT(text, HasSubstr("dbname='my books\\' sslmode=\\'disable'"));
    EXPECT_THAT(text, HasSubstr("sslmode='verify-full'")) << "over a network the server must prove who it is";
    address.host = "/run/postgresql";
    EXPECT_THAT(connect_text(address, ""), testing::Not(HasSubstr("sslmode='verify")));
    for (const char* host : {"127.0.0.1", "127.1.2.3", "::1", "localhost"}) {
        address.host = host;
        EXPECT_THAT(connect_text(address, ""), testing::Not(HasSubstr("sslmode='verify"))) << host;
    }
    for (const char* host : {"127.evil.example", "127.0.0.1.example", "localhost.example", "128.0.0.1", "::2"}) {
        address.host = host;
        EXPECT_THAT(connect_text(address, ""), HasSubstr("sslmode='verify-full'")) << host;
    }
    address.type = DatabaseType::odbc;
    EXPECT_THAT(connect_text(address, "a};DSN=evil"), HasSubstr("UID=samsynk;PWD={a}};DSN=evil};"));
    address.user = "a;DSN=evil";
    EXPECT_THAT(connect_text(address, ""), HasSubstr("UID={a;DSN=evil};"));
}

TEST(Database, ThePasswordIsShownNowhere) {
    const DatabaseAddress address{.type = DatabaseType::mariadb, .host = "h", .port = 3307, .name = "n", .user = "u"};
    EXPECT_EQ(in_words(address), "n at h:3307 (mariadb)");
    EXPECT_EQ(in_words({.type = DatabaseType::odbc, .name = "books;PWD=hush"}), "books (odbc)");
}

CompanyRow row(const char* place, const char* number, std::optional<std::string> send = std::nullopt) {
    return {.place = place, .number = number, .name = "X", .send_all_invoices = std::move(send)};
}

TEST(SqlRows, AChoiceIsTrueFalseOrNullAndNothingElse) {
    for (const auto& [text, choice] : {std::pair{"1", true}, {"t", true}, {"true", true}, {"0", false}, {"f", false}})
        EXPECT_EQ(companies_of({row("a", "556016-0680", text)}, "db").value()[0]->preferences.send_all_invoices,
                  choice);
    EXPECT_EQ(companies_of({row("a", "556016-0680")}, "db").value()[0]->preferences, sync::Preferences{});
    for (const char* bad : {"", "yes", "2", "T", " 1", "on", "NULL", "\x01"}) {
        const auto company = companies_of({row("a", "556016-0680", bad)}, "db").value()[0];
        ASSERT_TRUE(company->trouble) << bad;
        EXPECT_EQ(company->trouble->code, Errc::bad_file);
    }
}

TEST(SqlRows, EachBrokenRowIsItsOwnTrouble) {
    const auto companies = companies_of({row("b", ""), row("a", "556016-0680"), row("d", "555555-5555"),
                                         row("c", "556060-2345"), row("e", "556036-0793"), row("e", "212000-0142")},
                                        "db")
                               .value();
    ASSERT_EQ(companies.size(), 5U);
    EXPECT_FALSE(companies[0]->trouble);
    EXPECT_EQ(companies[1]->trouble->code, Errc::missing_number);
    EXPECT_EQ(companies[2]->trouble->code, Errc::invalid_number);
    EXPECT_EQ(companies[3]->trouble->code, Errc::placeholder_number);
    EXPECT_EQ(companies[4]->trouble->code, Errc::bad_file) << "a place in two rows";
    EXPECT_FALSE(companies[4]->company) << "neither of the two numbers is picked";
}

TEST(SqlRows, ARowWithoutAPlaceSpoilsAll) {
    CompanyRow nameless = row("a", "556016-0680");
    nameless.place = std::nullopt;
    EXPECT_TRUE(companies_of({row("b", "556016-0680"), nameless}, "db").has_error());
    EXPECT_TRUE(companies_of({row("a\nb", "556016-0680")}, "db").has_error());
}

TEST(SqlRows, WhatIsNoFingerprintIsToldAnew) {
    CompanyRow told = row("a", "556016-0680");
    EXPECT_EQ(companies_of({told}, "db").value()[0]->notice, std::nullopt);
    told.told = "00000000000000ff";
    EXPECT_EQ(companies_of({told}, "db").value()[0]->notice, 255U);
    told.told = "something else";
    EXPECT_EQ(companies_of({told}, "db").value()[0]->notice, 0U);
}

}  // namespace
}  // namespace samsynk::installations
