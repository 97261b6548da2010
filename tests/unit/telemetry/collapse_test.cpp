#include "telemetry/collapse.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "telemetry/event_table.hpp"
#include "telemetry/log_lines.hpp"

namespace samsynk::telemetry {
namespace {

struct Lines : LogSink {
    explicit Lines(std::vector<std::string>& to) : lines{to} {}
    void write(const Event& event) override { lines.push_back(text_line(event)); }
    std::vector<std::string>& lines;
};

struct CollapseTest : testing::Test {
    void write(const std::string& name, Level level, const std::string& message = {}, std::optional<Errc> code = {},
               const std::string& place = {}) {
        Event event;
        event.name = name;
        event.level = level;
        event.message = {message, {}};
        event.code = code;
        if (!place.empty()) event.fields = {{"installation", "main"}, {"place", place}};
        collapse.write(event);
    }
    void fail_at(const std::string& place, const std::string& message = "Bad.") {
        write("company.failed", Level::warning, message, Errc::bad_file, place);
    }

    std::vector<std::string> lines;
    Collapse collapse{std::make_unique<Lines>(lines)};
};

using Expected = std::vector<std::string>;

TEST_F(CollapseTest, SaysRepeatedTroubleOnceAndItsEndWithACount) {
    for (int n = 0; n < 3; ++n) fail_at("a");
    write("company.recovered", Level::info, "Again.", {}, "a");
    EXPECT_EQ(lines, (Expected{"warning company.failed Bad. code=bad_file installation=main place=a",
                               "info company.recovered Again. installation=main place=a repeated=3"}));
}

TEST_F(CollapseTest, SaysAChange) {
    fail_at("a");
    fail_at("a");
    fail_at("a", "Worse.");
    fail_at("a", "Worse.");
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_EQ(lines[1], "warning company.failed Worse. code=bad_file installation=main place=a repeated=2");
}

TEST_F(CollapseTest, WhatIsAnotherEachTimeIsNoChange) {
    for (const std::string request : {"q-1", "q-2", "q-3"}) {
        Event event{.name = "run.failed",
                    .level = Level::error,
                    .message = {},
                    .company = {},
                    .run = {},
                    .fields = {},
                    .code = Errc::service_error};
        event.message = {"It answered {status} (request {request}).", {{"status", "503"}, {"request", request}}};
        collapse.write(event);
        if (request != "q-2") continue;
        event.message.args[0].second = "500";
        collapse.write(event);
    }
    ASSERT_EQ(lines.size(), 3U) << "503, 500, and 503 again";
    EXPECT_THAT(lines[1], testing::HasSubstr("answered 500 (request q-2). code=service_error repeated=2"));
}

TEST_F(CollapseTest, KeepsCompaniesApart) {
    fail_at("a");
    fail_at("b");
    fail_at("a");
    EXPECT_EQ(lines.size(), 2U);
}

TEST_F(CollapseTest, TroubleThatComesBackBeginsAnew) {
    fail_at("a");
    write("company.recovered", Level::info, {}, {}, "a");
    fail_at("a");
    EXPECT_EQ(lines.size(), 3U);
}

TEST_F(CollapseTest, AnEndIsAtLeastInfo) {
    write("signin.required", Level::error, {}, {}, "a");
    write("signin.refreshed", Level::debug, {}, {}, "a");
    write("signin.refreshed", Level::debug, {}, {}, "a");
    ASSERT_EQ(lines.size(), 3U);
    EXPECT_EQ(lines[1], "info signin.refreshed installation=main place=a");
    EXPECT_EQ(lines[2], "debug signin.refreshed installation=main place=a");
}

TEST_F(CollapseTest, RunsAndTheServiceHaveTheirOwn) {
    for (int n = 0; n < 4; ++n) {
        write("run.failed", Level::error, "No.", Errc::service_unreachable);
        write("service.unreachable", Level::error, "No.", Errc::service_unreachable);
    }
    write("run.completed", Level::info, "Done.");
    EXPECT_EQ(lines, (Expected{"error run.failed No. code=service_unreachable",
                               "error service.unreachable No. code=service_unreachable",
                               "info run.completed Done. repeated=4"}));
}

TEST_F(CollapseTest, LetsOtherEventsThrough) {
    write("preference.applied", Level::info, "Same.");
    write("preference.applied", Level::info, "Same.");
    EXPECT_EQ(lines.size(), 2U);
}

// Whether there is trouble, seen twice, after which the event says so: where it ends that, or is the same changed.
bool may_say_repeated(std::string_view name) {
    std::vector<std::string> all;
    for (const EventInfo& trouble : event_table()) {
        Collapse collapse{std::make_unique<Lines>(all)};
        for (const char* message : {"One.", "One.", "Another."}) {
            const bool last = std::string_view{message} == "Another.";
            collapse.write({.name = std::string{last ? name : trouble.name}, .message = {message, {}}});
        }
    }
    return std::any_of(all.begin(), all.end(), [](const std::string& line) { return line.ends_with(" repeated=2"); });
}

TEST(CollapseAndTheTable, AgreeWhichEventsSayHowOftenTroubleWasSeen) {
    for (const EventInfo& event : event_table())
        EXPECT_EQ(event.fields.ends_with("repeated"), may_say_repeated(event.name)) << event.name;
}

}  // namespace
}  // namespace samsynk::telemetry
