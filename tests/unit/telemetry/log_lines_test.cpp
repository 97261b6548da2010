#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "telemetry/event_table.hpp"
#include "telemetry/log_lines.hpp"
#include "telemetry/log_sink.hpp"

namespace samsynk::telemetry {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

Event failed_event() {
    Event event;
    event.name = "company.failed";
    event.level = Level::warning;
    event.message = {"Folder {path} can't be read.", {{"path", "/srv/spcs/Ovnbol2000"}}};
    event.company = *OrgNumber::parse("5560160680");
    event.run = "r-1";
    event.code = Errc::unreadable;
    event.fields = {{"installation", "main"}, {"place", "Ovn bol"}};
    event.at = *parse_rfc3339("2026-11-02T08:00:00Z");
    return event;
}

Event of_person() {
    Event event = failed_event();
    event.company = *OrgNumber::parse("8001011231");
    event.message = {"{place}: 19800101-1231 is wrong", {{"place", "8001011231"}}};
    event.fields = {{"place", "8001011231 copy"}};
    return event;
}

TEST(LogLines, TextSaysAll) {
    EXPECT_EQ(text_line(failed_event()),
              "warning company.failed Folder /srv/spcs/Ovnbol2000 can't be read. company=556016-0680 run=r-1 "
              "code=unreadable installation=main place=\"Ovn bol\"");
}

TEST(LogLines, JsonHasStableKeys) {
    EXPECT_EQ(json_line(failed_event()),
              R"({"time":"2026-11-02T08:00:00Z","level":"warning","event":"company.failed",)"
              R"("message":"Folder /srv/spcs/Ovnbol2000 can't be read.","company":"556016-0680","run":"r-1",)"
              R"("code":"unreadable","fields":{"installation":"main","place":"Ovn bol"}})");
}

TEST(LogLines, JournalEntryHasItsFields) {
    const auto entry = journal_entry(failed_event());
    EXPECT_THAT(entry, Contains("MESSAGE=Folder /srv/spcs/Ovnbol2000 can't be read."));
    EXPECT_THAT(entry, Contains("PRIORITY=4"));
    EXPECT_THAT(entry, Contains("SAMSYNK_EVENT=company.failed"));
    EXPECT_THAT(entry, Contains("SAMSYNK_COMPANY=556016-0680"));
    EXPECT_THAT(entry, Contains("SAMSYNK_RUN=r-1"));
    EXPECT_THAT(entry, Contains("SAMSYNK_CODE=unreadable"));
    EXPECT_THAT(entry, Contains("SAMSYNK_PLACE=Ovn bol"));
    EXPECT_THAT(entry, Contains("MESSAGE_ID=" + std::string{find_event("company.failed")->message_id}));
}

TEST(LogLines, ANameWithoutEndIsCut) {
    Event event = failed_event();
    std::string name;
    while (name.size() < 200'000) name += "Å";
    event.message = {"{place} is wrong", {{"place", name}}};
    event.fields = {{"place", name}};
    EXPECT_LT(text_line(event).size(), 10'000U);
    EXPECT_LT(json_line(event).size(), 10'000U);
}

TEST(LogLines, NoneNamesAPerson) {
    std::string all = text_line(of_person()) + json_line(of_person());
    for (const std::string& field : journal_entry(of_person())) all += field;
    EXPECT_THAT(all, Not(HasSubstr("1231")));
    EXPECT_THAT(all, HasSubstr("800101-****"));
}

TEST(LogLines, ANameCanNotForgeALine) {
    Event event = failed_event();
    event.message = {"{name} failed", {{"name", "Evil\nerror daemon.ready\x1b[2J"}}};
    event.fields = {{"place", "a\nb \"c\""}};
    const std::string line = text_line(event);
    EXPECT_EQ(line.find_first_of("\n\x1b"), std::string::npos);
    EXPECT_THAT(line, HasSubstr("Evil\\nerror daemon.ready\\x1b[2J failed"));
    EXPECT_EQ(json_line(event).find('\n'), std::string::npos);
}

TEST(LogLines, BytesThatAreNoUtf8AreReplaced) {
    Event event = failed_event();
    event.fields = {{"place", "F\xF6retag"}};
    EXPECT_THAT(json_line(event), HasSubstr("\"place\":\"F\xEF\xBF\xBDretag\""));
}

TEST(LogSink, WritesTextFromItsLevelOn) {
    testing::internal::CaptureStderr();
    const auto sink = std::move(*make_log_sink({.format = LogFormat::text, .minimum = Level::warning}));
    Event quiet;
    quiet.name = "daemon.ready";
    quiet.level = Level::notice;
    sink->write(quiet);
    sink->write(failed_event());
    const std::string text = testing::internal::GetCapturedStderr();
    EXPECT_THAT(text, HasSubstr("2026-11-02T"));
    EXPECT_THAT(text, HasSubstr(" warning company.failed Folder"));
    EXPECT_THAT(text, Not(HasSubstr("daemon.ready")));
}

TEST(LogSink, WritesJsonLines) {
    testing::internal::CaptureStderr();
    (*make_log_sink({.format = LogFormat::json, .minimum = Level::debug}))->write(failed_event());
    EXPECT_EQ(testing::internal::GetCapturedStderr(), json_line(failed_event()) + "\n");
}

TEST(LogSink, KnowsWhetherStandardErrorIsTheJournal) {
    struct stat status {};
    ASSERT_EQ(::fstat(STDERR_FILENO, &status), 0);
    const std::string same = std::to_string(status.st_dev) + ":" + std::to_string(status.st_ino);
    EXPECT_TRUE(stderr_is_journal(same.c_str()));
    EXPECT_FALSE(stderr_is_journal((same + "0").c_str()));
    EXPECT_FALSE(stderr_is_journal(nullptr));
}

TEST(LogSink, KnowsTheNamesOfLevels) {
    EXPECT_EQ(level_named("notice"), Level::notice);
    EXPECT_EQ(level_named("loud"), std::nullopt);
}

}  // namespace
}  // namespace samsynk::telemetry
